import Attribution
public import Networks
import Objectives
import Tensors

extension GoldenCase {
  /// Computes every attribution recorded with the network and compares.
  ///
  /// - Parameter threads: How many threads share the work.
  /// - Returns: One check for every recorded attribution; a method unknown here is a check that failed.
  public func attributionChecks(threads: Int = processorCount) -> [Check] {
    attributions.map { recorded in
      guard let method = recorded.attributionMethod else {
        return Check(recorded.method, failure: "no method here is called '\(recorded.method)'")
      }
      do {
        let map = try method.attribute(
          input, to: .logit(recorded.unit), in: network, feed: .raw, threads: threads)
        var check = Check(
          recorded.method, computed: map, recorded: try self.recorded(recorded.file))
        if method is IntegratedGradients { check.leniency = 10 }
        return check
      } catch {
        return Check(recorded.method, failure: "\(error)")
      }
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
