/// What cannot be read in an expression, or means nothing to a network, and where.
public struct ExpressionError: Error, Hashable, CustomStringConvertible {
  /// The expression.
  public let text: String

  /// The place, in characters from 0.
  public let place: Int

  /// What is wrong, and what to write instead.
  public let reason: String

  init(_ text: String, at place: Int, _ reason: String) {
    (self.text, self.place, self.reason) = (text, place, reason)
  }

  /// What is wrong, and below it the expression with a mark at the place.
  public var description: String {
    let line = text.map { $0.isNewline ? " " : String($0) }.joined()
    return "\(reason)\n  \(line)\n  \(String(repeating: " ", count: place))^"
  }
}
