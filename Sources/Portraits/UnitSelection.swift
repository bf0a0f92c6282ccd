import Memory
package import Networks
package import Tensors

/// Finds the units that a text stands for; one language for the command line, galleries and explanations.
///
/// | written | is |
/// | --- | --- |
/// | `cat`, `layer3:17`, … | one unit |
/// | `"3:10 to Yuma"` | a label, whatever signs it has |
/// | `logit 7` | the class of that number, where a label is the number of another |
/// | `all logits`, `all classes`, `all dimensions` | every number that the network ends in |
/// | `0-9` | logits by number |
/// | `layer3:0-15`, `layer3:1,4,8-11` | channels of a layer |
/// | `layer3:all` | every channel of a layer |
/// | `all layers` | every layer as a whole |
package struct UnitSelection {
  private let network: Network
  private let shapes: [String: Shape]
  private let finder: UnitFinder
  private let checkCount: (Int) throws -> Void

  /// Creates a selection.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - shapes: What the network's `shapes(inputShape:)` returned.
  ///   - checkCount: Throws for more units than may be asked for, before they are written out.
  package init(
    network: Network, shapes: [String: Shape], checkCount: @escaping (Int) throws -> Void = { _ in }
  ) {
    (self.network, self.shapes, self.checkCount) = (network, shapes, checkCount)
    finder = UnitFinder(network, shapes: shapes)
  }

  /// What stands for all of a kind, and so for no label.
  static let words = allNumbers.union([allLayers])
  private static let allNumbers = Set(
    NumberKind.allCases.map { "all \($0.several)" } + ["all logits"])
  private static let allLayers = "all layers"

  /// The units, in the order written.
  ///
  /// - Throws: `UnitError` or `NetworkError`, with the nearest names or the range.
  package func units(_ text: String) throws -> [NetworkUnit] {
    switch text.lowercased() {
    case _ where Self.allNumbers.contains(text.lowercased()):
      let scores = network.classScores(in: shapes)
      let isOfClasses = text.lowercased() == "all \(NumberKind.classes.several)"
      let count =
        try scores?.count
        ?? (isOfClasses
        ? network.requireClasses(text, in: shapes) : network.requireLogits(text, in: shapes)).count
      try checkCount(count)
      return (0..<count).map { index in
        finder.known(scores.map { .score(index, of: $0, places: nil) } ?? .logit(index))
      }
    case Self.allLayers: return network.layers.map { NetworkUnit(.layer($0.name)) }
    default: break
    }
    if network.hasLayer(text) || network.labels.contains(text) || text.hasPrefix("\"") {
      return [try unit(text)]
    }
    if let ranges = try ranges(text, text) {
      return try numbers(ranges) { try unit("logit \($0)") }.map { try unit("logit \($0)") }
    }
    if let colon = text.lastIndex(of: ":") {
      let (layer, list) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
      let ranges = list == "all" ? try channels(of: layer) : try self.ranges(list, text)
      if let ranges {
        return try numbers(ranges) { try unit("\(layer):\($0)") }
          .map { finder.known(.channel(layer: layer, channel: $0)) }
      }
    }
    return [try unit(text)]
  }

  /// The unit, where one is meant and no more.
  ///
  /// - Throws: `SeveralUnitsError`; as `units(_:)`.
  package func one(_ text: String) throws -> NetworkUnit {
    let units = try units(text)
    guard units.count == 1 else { throw SeveralUnitsError(text: text, count: units.count) }
    return units[0]
  }

  private func unit(_ text: String) throws -> NetworkUnit { try finder.unit(text) }

  /// The channels of a layer; none where it has none.
  private func channels(of layer: String) throws -> [ClosedRange<Int>] {
    // An unknown layer is reported as such.
    _ = try unit("\(layer):0")
    let layout = network.layouts(in: shapes)[try network.value(ofLayer: layer)]
    return layout.map { [0...max(0, $0.channels - 1)] } ?? []
  }

  /// The ranges of `0-15` or `1,4,8-11`; nil if the text is something else, or one number.
  private func ranges(_ list: String, _ text: String) throws -> [ClosedRange<Int>]? {
    guard list.contains("-") || list.contains(",") else { return nil }
    var ranges: [ClosedRange<Int>] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
        Int($0.filter { !$0.isWhitespace })
      }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1]
      else {
        return nil
      }
      guard first <= last else { throw RangeError(text: text, first: first, last: last) }
      ranges.append(first...last)
    }
    return ranges
  }

  /// Every number of some ranges, which are tried by their ends and counted before they are written out.
  private func numbers(
    _ ranges: [ClosedRange<Int>], trying unit: (Int) throws -> NetworkUnit
  ) throws -> [Int] {
    for end in [ranges.map(\.lowerBound).min(), ranges.map(\.upperBound).max()] {
      if let end { _ = try unit(end) }
    }
    let count = ranges.reduce(0) { MemoryLimit.sum($0, $1.upperBound - $1.lowerBound, 1) }
    try checkCount(count)
    return ranges.flatMap { Array($0) }
  }
}

/// Several units, or none, where one is meant.
package struct SeveralUnitsError: Error, CustomStringConvertible {
  let text: String
  let count: Int

  package var description: String {
    "one unit is meant here, and `\(text)` stands for \(count): cat, 281, layer3:17, layer3:17@4,5 or layer3"
  }
}

/// A range that runs backwards.
struct RangeError: Error, CustomStringConvertible {
  let text: String
  let first: Int
  let last: Int

  var description: String { "`\(text)` runs backwards; write \(last)-\(first)" }
}
