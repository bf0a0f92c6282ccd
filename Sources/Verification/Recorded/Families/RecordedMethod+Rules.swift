import Attribution

extension RecordedMethod {
  /// The gradient with other rules for some operations.
  static let rules: [RecordedMethod] = [
    .map("guided_backprop") { _ in .guidedBackprop },
    .map("deconvolution") { _ in .deconvolution },
    .map("zennit_guided_backprop") { _ in .guidedBackprop },
    .map("zennit_deconvnet") { _ in .deconvolution },
    .map("zennit_beta_smooth") { _ in .betaSmooth },
    .map("guided_grad_cam") { GuidedGradCAM(layers: [try $0.layer()]) },
    .map("deep_lift") { DeepLift(baseline: try $0.baseline(), rules: .captum) },
    .map("deep_lift_baseline") { DeepLift(baseline: try $0.baseline(), rules: .captum) },
    .map("deep_lift_complete") { DeepLift(baseline: try $0.baseline()) },
  ]
}
