extension RegisteredMethod {
  /// The gradient with other rules for some operations.
  static let rules: [RegisteredMethod] = [
    .deepLift, .guidedBackprop, .deconvolution, .guidedGradCAM, .betaSmooth,
  ]
}
