extension RegisteredMethod {
  /// The gradient with other rules for some operations.
  static let rules: [RegisteredMethod] = [.guidedBackprop, .deconvolution]
}
