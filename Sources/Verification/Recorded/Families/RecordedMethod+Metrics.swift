extension RecordedMethod {
  /// Measures of maps.
  static let metrics: [RecordedMethod] = []
}
