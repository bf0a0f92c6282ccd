extension RecordedMethod {
  /// What transformers attend to, and relevance through it.
  static let attention: [RecordedMethod] = []
}
