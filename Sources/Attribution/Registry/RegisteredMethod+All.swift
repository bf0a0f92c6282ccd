extension RegisteredMethod {
  /// Every method, in the order in which help lists them.
  public static let all: [RegisteredMethod] = [
    .gradient,
    .saliency,
    .inputTimesGradient,
    .smoothGrad,
    .integratedGradients,
    .guidedBackprop,
    .deconvolution,
    .gradCAM,
    .layerCAM,
    .occlusion,
    .lrpEpsilonPlus,
    .lrpEpsilonAlpha2Beta1,
    .lrpEpsilonGammaBox,
  ]
}
