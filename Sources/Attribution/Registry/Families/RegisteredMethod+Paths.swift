extension RegisteredMethod {
  /// What is summed up on the way from a baseline.
  static let paths: [RegisteredMethod] = [
    .integratedGradients, .expectedGradients, .guidedIntegratedGradients, .blurIntegratedGradients,
    .xrai,
  ]
}
