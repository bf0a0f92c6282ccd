extension RegisteredMethod {
  /// The gradient, and statistics of it.
  static let gradients: [RegisteredMethod] = [
    .gradient, .saliency, .inputTimesGradient, .smoothGrad, .smoothGradSquared, .varGrad,
  ]
}
