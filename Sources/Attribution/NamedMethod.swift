/// The methods by the names that people type, each with its defaults.
public enum NamedMethod: String, Sendable, CaseIterable {
  case gradient
  case saliency
  case inputTimesGradient = "input-x-gradient"
  case smoothGrad = "smoothgrad"
  case integratedGradients = "integrated-gradients"
  case guidedBackprop = "guided-backprop"
  case deconvolution
  case gradCAM = "grad-cam"
  case occlusion
  case lrpEpsilonPlus = "lrp-epsilon-plus"
  case lrpEpsilonAlpha2Beta1 = "lrp-epsilon-alpha2-beta1"
  case lrpEpsilonGammaBox = "lrp-epsilon-gamma-box"

  /// The method.
  public var method: any AttributionMethod {
    switch self {
    case .gradient: .gradient
    case .saliency: .saliency
    case .inputTimesGradient: InputTimesGradient()
    case .smoothGrad: SmoothGrad()
    case .integratedGradients: IntegratedGradients()
    case .guidedBackprop: .guidedBackprop
    case .deconvolution: .deconvolution
    case .gradCAM: GradCAM()
    case .occlusion: Occlusion()
    case .lrpEpsilonPlus: LayerwiseRelevance(.epsilonPlus)
    case .lrpEpsilonAlpha2Beta1: LayerwiseRelevance(.epsilonAlpha2Beta1)
    case .lrpEpsilonGammaBox: LayerwiseRelevance(.epsilonGammaBox())
    }
  }

  /// What the method shows, in a line.
  public var summary: String {
    switch self {
    case .gradient: "the gradient, with its signs"
    case .saliency: "the size of the gradient"
    case .inputTimesGradient: "the gradient times the input"
    case .smoothGrad: "the gradient averaged over noisy copies of the input"
    case .integratedGradients: "the gradient averaged on the way from a baseline, times the way"
    case .guidedBackprop: "the gradient, only what is positive let through active rectifiers"
    case .deconvolution: "the gradient, what is positive let through every rectifier"
    case .gradCAM: "a layer's channels weighted by their gradients, at the layer's resolution"
    case .occlusion: "how far the unit falls when a square is covered"
    case .lrpEpsilonPlus: "the unit shared out layer by layer: what speaks for it"
    case .lrpEpsilonAlpha2Beta1:
      "the unit shared out layer by layer: what speaks for it and against"
    case .lrpEpsilonGammaBox: "the unit shared out layer by layer, with regard to the pixels' range"
    }
  }
}
