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
    let mayBeSeveral = units.count > 1 || units[0].contains { ":-, ".contains($0) }
    guard mayBeSeveral else { return [.unit(units[0])] }
    var asked = Recipe()
    try asked.take(settings)
    let shapes = try shapes(inputShape: try pictureShape(asked))
    let selection = UnitSelection(network: self, shapes: shapes) { count in
      guard count <= Self.mostUnits else {
        throw UnitCountError(count: count, most: Self.mostUnits)
      }
    }
    return try units.flatMap { text -> [Subject.Request] in
      let found = try selection.units(text)
      return found.count == 1 ? [.unit(text)] : found.map { .unit($0.argument(in: self)) }
    }.uniqued
  }
}
