/// An objective as people write it: units and functions with signs, weights and parentheses.
///
/// | written | is |
/// | --- | --- |
/// | `mixed4a:10 + 0.5 * mixed4b:3 - cat` | three units with weights |
/// | `-mixed4a:10` | what turns a channel off |
/// | `2 * (cat + "hot dog")` | a label with a space or a sign, in quotes |
/// | `mixed4a:10 - 100 * diversity(mixed4a)` | a function of `ObjectiveFunction.all` |
/// | `281`, `0.5 * 281` | a logit by its number: a number that nothing stands behind |
///
/// Names of functions and signs are read first; whatever else stands between them is a unit.
public struct ObjectiveExpression: Hashable, Sendable, CustomStringConvertible {
  /// A part of an expression, with the place in the text where it starts.
  indirect enum Node: Hashable, Sendable {
    case unit(String, at: Int)
    case call(String, [Argument], at: Int)
    case sum(Node, Node)
    case difference(Node, Node)
    case product(Node, Node)
    case scaled(Float, Node)
    case negative(Node)
  }

  /// What stands between a function's parentheses, with its place.
  struct Argument: Hashable, Sendable {
    var text: String
    let place: Int
  }

  /// The expression, as it was written but for paths.
  public private(set) var text: String
  private(set) var root: Node

  /// Reads an expression; whether a network has its units is found out later.
  ///
  /// - Parameter text: The expression.
  /// - Throws: `ExpressionError` with the place that cannot be read.
  public init(_ text: String) throws(ExpressionError) {
    var parser = ExpressionParser(text)
    self.text = text
    root = try parser.expression()
  }

  /// The expression.
  public var description: String { text }

  /// The unit, where the expression is one and nothing else.
  public var unit: String? {
    guard case .unit(let unit, _) = root else { return nil }
    return unit
  }

  /// Whether functions stand in it.
  public var hasFunctions: Bool { !root.calls.isEmpty }

  /// The files that functions read.
  public var files: [String] {
    root.calls.flatMap { name, arguments in
      zip(ObjectiveFunction.named(name)?.parameters ?? [], arguments)
        .filter { $0.0.kind.isFile }.map { parameter, argument in
          parameter.kind == .file ? DirectionFile(argument.text).path : argument.text
        }
    }
  }

  /// The text as part of a file's name, with the signs in words.
  public var words: String { root.words }

  /// The same expression with its files' paths made others.
  ///
  /// - Parameter path: From a path as it stands to the new one.
  /// - Returns: The expression; its text has the new paths.
  /// - Throws: `ExpressionError` where the new text cannot be read.
  public func mappingFiles(_ path: (String) -> String) throws(ExpressionError)
    -> ObjectiveExpression
  {
    var characters = Array(text)
    // From the end, so that the places before stay.
    for (name, arguments) in root.calls.reversed() {
      let parameters = ObjectiveFunction.named(name)?.parameters ?? []
      for (parameter, argument) in zip(parameters, arguments).reversed()
      where parameter.kind.isFile {
        let new = path(argument.text)
        if new == argument.text { continue }
        let quotes = characters[argument.place] == "\"" ? 2 : 0
        characters.replaceSubrange(
          argument.place..<argument.place + argument.text.count + quotes, with: Array("\"\(new)\""))
      }
    }
    return try ObjectiveExpression(String(characters))
  }
}

extension ObjectiveExpression.Node {
  /// The functions in it, from left to right.
  var calls: [(name: String, arguments: [ObjectiveExpression.Argument])] {
    switch self {
    case .unit: []
    case .call(let name, let arguments, _): [(name, arguments)]
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b): a.calls + b.calls
    case .scaled(_, let a), .negative(let a): a.calls
    }
  }

  /// The expression in words for a file's name.
  var words: String {
    switch self {
    case .unit(let unit, _): unit
    case .call(let name, let arguments, _):
      ([name] + arguments.map { String($0.text.split(separator: "/").last ?? "") })
        .joined(separator: "-")
    case .sum(let a, let b): "\(a.words) plus \(b.words)"
    case .difference(let a, let b): "\(a.words) minus \(b.words)"
    case .product(let a, let b): "\(a.words) times \(b.words)"
    case .scaled(let weight, let a): "\(weight.plain) \(a.words)"
    case .negative(let a): "minus \(a.words)"
    }
  }
}
