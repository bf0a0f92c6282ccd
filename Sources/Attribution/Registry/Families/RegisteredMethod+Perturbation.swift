extension RegisteredMethod {
  /// What changes when parts of the picture are taken away.
  static let perturbation: [RegisteredMethod] = [
    .occlusion, .featureAblation, .rise, .lime, .kernelSHAP, .shapley, .shapleySampling, .sobol,
  ]
}
