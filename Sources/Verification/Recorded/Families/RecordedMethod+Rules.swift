import Attribution

extension RecordedMethod {
  /// The gradient with other rules for some operations.
  static let rules: [RecordedMethod] = [
    .map("guided_backprop") { _ in .guidedBackprop },
    .map("deconvolution") { _ in .deconvolution },
    .map("zennit_guided_backprop") { _ in .guidedBackprop },
    .map("zennit_deconvnet") { _ in .deconvolution },
  ]
}
