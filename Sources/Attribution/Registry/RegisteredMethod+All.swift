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
    .featureAblation,
    .rise,
    .lime,
    .kernelSHAP,
    .shapley,
    .shapleySampling,
    .sobol,
    .lrpEpsilonPlus,
    .lrpEpsilonAlpha2Beta1,
    .lrpEpsilonGammaBox,
  ]
}
