import Networks
import Portraits
import Visualization

extension Network {
  /// The most units of one command.
  private static let mostUnits = 2048

  /// Everything that units as people write them stand for, each as one.
  ///
  /// - Parameters:
  ///   - units: Units, ranges and `all logits`, at least one.
  ///   - settings: What is said of the pictures; their size decides which neurons there are.
  /// - Returns: Each once.
  /// - Throws: `UnitError` or `NetworkError`, with the nearest names or the range; `UnitCountError`.
  func requests(_ units: [String], settings: [String: String]) throws -> [Subject.Request] {
    try unitWords(units, settings: settings).map { .unit($0) }
  }

  /// Whether what people write may stand for more than one unit.
  static func mayBeSeveral(_ units: [String]) -> Bool {
    units.count > 1 || units[0].contains { ":-, ".contains($0) }
  }

  /// The same as words that each stand for one unit.
  func unitWords(_ units: [String], settings: [String: String] = [:]) throws -> [String] {
    guard Self.mayBeSeveral(units) else { return units }
    var asked = Recipe()
    try asked.take(settings)
    let shapes = try shapes(inputShape: try pictureShape(asked))
    let selection = UnitSelection(network: self, shapes: shapes, most: Self.mostUnits)
    var seen = Set<NetworkUnit>()
    return try units.flatMap { text -> [String] in
      let found = try selection.units(text)
      let new = found.filter { seen.insert($0).inserted }
      return found.count == 1 ? new.map { _ in text } : new.map { $0.argument(in: self) }
    }
  }
}
