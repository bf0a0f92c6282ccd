public import Networks
import Tensors

/// Computes every attribution recorded with a network and compares.
///
/// - Parameters:
///   - golden: The case.
///   - threads: How many threads share the work.
/// - Returns: One check for every recorded attribution; a method unknown here is a check that failed.
public func checks(of golden: GoldenCase, threads: Int = processorCount) -> [GoldenCase.Check] {
  golden.attributions.map { recorded in
    guard let method = recorded.attributionMethod else {
      return .init(recorded.method, failure: "no method here is called '\(recorded.method)'")
    }
    do {
      let map = try method.attribute(
        golden.input, to: .logit(recorded.unit), in: golden.network, threads: threads)
      var check = GoldenCase.Check(
        recorded.method, computed: map, recorded: try golden.recorded(recorded.file))
      if method is IntegratedGradients { check.leniency = 10 }
      return check
    } catch {
      return .init(recorded.method, failure: "\(error)")
    }
  }
}

extension GoldenCase.Attribution {
  /// The method that should yield the same map.
  fileprivate var attributionMethod: (any AttributionMethod)? {
    switch method {
    case "saliency_abs": .saliency
    case "gradient": .gradient
    case "input_x_gradient": InputTimesGradient()
    case "integrated_gradients": IntegratedGradients(steps: steps ?? 50)
    case "guided_backprop": .guidedBackprop
    case "deconvolution": .deconvolution
    case "grad_cam": GradCAM(layer: layer)
    case "occlusion": Occlusion(window: window, stride: stride)
    case "lrp_epsilon_plus": LayerwiseRelevance(.epsilonPlus)
    case "lrp_epsilon_alpha2_beta1": LayerwiseRelevance(.epsilonAlpha2Beta1)
    case "lrp_epsilon_gamma_box": LayerwiseRelevance(.epsilonGammaBox(range))
    default: nil
    }
  }

  private var range: ClosedRange<Float>? {
    guard let box, box.count == 2, box[0] <= box[1] else { return nil }
    return box[0]...box[1]
  }
}
