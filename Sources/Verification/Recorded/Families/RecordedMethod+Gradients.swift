import Attribution

extension RecordedMethod {
  /// The gradient by itself.
  static let gradients: [RecordedMethod] = [
    .map("gradient") { _ in .gradient },
    .map("pair_gradient") { _ in .gradient },
    .map("saliency_abs") { _ in .saliency },
    .map("input_x_gradient") { _ in InputTimesGradient() },
  ]
}
