import Networks
import Portraits
import Tensors
import Visualization

/// Finds the units that a line of a plan stands for.
///
/// | written | is |
/// | --- | --- |
/// | `cat`, `layer3:17`, … | one unit, as on the command line |
/// | `all logits` | every class |
/// | `0-9` | logits by number |
/// | `layer3:0-15`, `layer3:1,4,8-11` | channels of a layer |
/// | `layer3:all` | every channel of a layer |
/// | `all layers` | every layer as a whole |
struct UnitSelection {
  let network: Network
  let shapes: [String: Shape]

  /// The units, in the order written.
  ///
  /// - Throws: `UnitError` or `NetworkError`, with the nearest names or the range.
  func units(_ text: String) throws -> [NetworkUnit] {
    switch text.lowercased() {
    case "all logits":
      let count = try network.requireLogits(text, in: shapes).count
      return (0..<count).map { NetworkUnit(.logit($0), labels: network.labels) }
    case "all layers": return network.layers.map { NetworkUnit(.layer($0.name)) }
    default: break
    }
    if network.labels.contains(text) || network.layers.contains(where: { $0.name == text }) {
      return [try unit(text)]
    }
    if let numbers = try numbers(text, text) { return try numbers.map { try unit(String($0)) } }
    if let colon = text.lastIndex(of: ":") {
      let (layer, list) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
      if list == "all" { return try channels(of: layer).map { try unit("\(layer):\($0)") } }
      if let numbers = try numbers(list, text) {
        return try numbers.map { try unit("\(layer):\($0)") }
      }
    }
    return [try unit(text)]
  }

  /// The subject that an expression is.
  ///
  /// - Parameters:
  ///   - text: The expression.
  ///   - plan: The plan's file, in whose folder the expression's files lie.
  /// - Returns: The subject.
  /// - Throws: `ExpressionError` with the place.
  func objective(_ text: String, from plan: String) throws -> Subject {
    let expression = try ObjectiveExpression(text).mappingFiles { $0.fromFolder(of: plan) }
    return try Subject(.objective(expression), in: network, shapes: shapes)
  }

  private func unit(_ text: String) throws -> NetworkUnit {
    try NetworkUnit(text, in: network, shapes: shapes)
  }

  private func channels(of layer: String) throws -> Range<Int> {
    // An unknown layer is reported as such.
    _ = try unit("\(layer):0")
    let layout = network.layouts(in: shapes)[try network.value(ofLayer: layer)]
    return 0..<(layout?.channels ?? 0)
  }

  /// The numbers of `0-15` or `1,4,8-11`; nil if the text is something else, or one number.
  private func numbers(_ list: String, _ text: String) throws -> [Int]? {
    guard list.contains("-") || list.contains(",") else { return nil }
    var numbers: [Int] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
        Int($0.filter { !$0.isWhitespace })
      }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1]
      else {
        return nil
      }
      guard first <= last else { throw RangeError(text: text, first: first, last: last) }
      // A range that is far too long is found out by its ends.
      numbers += last - first < 100_000 ? Array(first...last) : [first, last]
    }
    return numbers
  }
}

/// A range that runs backwards.
struct RangeError: Error, CustomStringConvertible {
  let text: String
  let first: Int
  let last: Int

  var description: String { "`\(text)` runs backwards; write \(last)-\(first)" }
}
