public import Networks
import Autodiff
public import Objectives
public import Tensors

/// The channels of a layer, weighted by their Shapley values to second order, and added up.
///
/// With `g` the gradient and `H` the objective's Hessian by the layer's activations `A`, a channel weighs the
/// mean of `g − ½ H A`: the value of each activation in the game of taking them all away, of which Grad-CAM
/// is the first order. The same as Grad-CAM wherever the rest of the network is linear by pieces. The paper
/// explains `Objective.residualSoftmaxTarget`.
///
/// Source: Cai, "CAMs as Shapley Value-based Explainers", 2025.
public struct ShapleyCAM: LayerMap, MeanWeighted {
  /// The layer; `nil`: see `Explained.lastSpatialLayer()`.
  public var layer: String?
  /// Whether only what raises the objective is kept.
  public var rectified: Bool

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer; `nil`: see `Explained.lastSpatialLayer()`.
  ///   - rectified: Whether only what raises the objective is kept.
  public init(layer: String? = nil, rectified: Bool = true) {
    self.layer = layer
    self.rectified = rectified
  }

  /// The weighted sum of each picture.
  public func map(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained,
    progress: (Double) -> Void
  ) throws -> Tensor {
    let layout = try explained.spatialLayout(of: layer)
    let maps = try (0..<pictures.shape[0]).map(reporting: progress) { sample, _ in
      let picture = pictures.gathered([sample], alongAxis: 0)
      let rest = try Remainder(after: layer, of: explained, at: picture)
      let (gradient, curvature) = try explained.plans.sharingThreads {
        try rest.gradientAndCurvature(along: rest.activation)
      }
      let weights = layout.grid(of: gradient - 0.5 * curvature)
      let positions = Float(weights.shape[2] * weights.shape[3])
      let means = weights.sum(alongAxes: [2, 3], keepingAxes: true) / positions
      return (means * layout.grid(of: rest.activation)).sum(alongAxes: [1], keepingAxes: true)
    }
    return Tensor.concatenate(maps)
  }
}

extension Objective {
  /// A class's score before the softmax and the logarithm of that after it, added up (ReST).
  ///
  /// It rises with the score, as a logit does, and at the cost of the other classes, as a probability does.
  ///
  /// Source: Cai, "CAMs as Shapley Value-based Explainers", 2025.
  ///
  /// - Parameter index: The class.
  /// - Returns: The objective.
  public static func residualSoftmaxTarget(_ index: Int) -> Objective {
    let reading = Reading(.logits)
    return Objective("ReST \(index)", reading: [reading]) {
      let logits = $0[reading].reshaped(to: [$0[reading].shape[0], $0[reading].shape[1]])
      let both = logits + logits.logSoftmax(alongAxis: 1)
      return both.gathered([index], alongAxis: 1).sum()
    }
  }
}

extension RegisteredMethod {
  static let shapleyCAM = layerMap(
    "shapley-cam", "Grad-CAM with the curvature of what comes after the layer"
  ) { ShapleyCAM(layer: $0) }
}
