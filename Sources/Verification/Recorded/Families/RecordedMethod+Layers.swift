extension RecordedMethod {
  /// What the units of a layer contribute.
  static let layers: [RecordedMethod] = []
}
