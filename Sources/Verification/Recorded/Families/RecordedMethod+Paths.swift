import Attribution

extension RecordedMethod {
  /// What is summed up on the way from a baseline.
  static let paths: [RecordedMethod] = [
    .map("integrated_gradients", integratedGradients),
    .map("integrated_gradients_baseline", integratedGradients),
  ]

  @Sendable private static func integratedGradients(
    _ request: RecordedRequest
  ) throws -> any AttributionMethod {
    IntegratedGradients(
      steps: request.recording.integer("steps") ?? 50, baseline: try request.baseline())
  }
}
