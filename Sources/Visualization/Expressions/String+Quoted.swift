extension String {
  /// The text in the quotes of an expression, which it may have already.
  package var quotedForExpression: String {
    count > 2 && hasPrefix("\"") && hasSuffix("\"") ? self : "\"\(self)\""
  }
}
