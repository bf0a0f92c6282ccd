import Attribution

extension RecordedMethod {
  /// What is summed up on the way from a baseline.
  static let paths: [RecordedMethod] =
    [
      .map("integrated_gradients", integratedGradients),
      .map("integrated_gradients_baseline", integratedGradients),
      .map("pair_integrated_gradients") { request in
        IntegratedGradients(
          steps: request.recording.integer("steps") ?? 25, baseline: try request.baseline(),
          quadrature: .uniform)
      },
    ] + ["guided_ig", "guided_ig_short"].map { .map($0, guided) }
    + ["blur_ig", "blur_ig_short"].map { .map($0, blur) } + xrai

  @Sendable private static func integratedGradients(
    _ request: RecordedRequest
  ) throws -> any AttributionMethod {
    IntegratedGradients(
      steps: request.recording.integer("steps") ?? 50, baseline: try request.baseline())
  }

  @Sendable private static func guided(
    _ request: RecordedRequest
  ) throws -> any AttributionMethod {
    let said = request.recording
    return GuidedIntegratedGradients(
      steps: said.integer("steps") ?? 200, fraction: said.number("fraction") ?? 0.25,
      corridor: said.number("max_dist") ?? 0.02, baseline: try request.baseline())
  }

  @Sendable private static func blur(_ request: RecordedRequest) -> any AttributionMethod {
    let said = request.recording
    return BlurIntegratedGradients(
      deviation: said.number("max_sigma") ?? 50, steps: said.integer("steps") ?? 100,
      difference: said.number("grad_step") ?? 0.01)
  }
}
