public import Tensors

/// The channels of a layer, weighted by sums of their positive gradients, rare ones raised, and added up.
///
/// A place's gradient `g` counts `α · relu(g)` with `α = g² / (2 g² + g³ Σ A)`, the closed form for an
/// objective that goes through an exponential: places in small objects weigh as much as those in large ones.
///
/// Source: Chattopadhyay et al., "Grad-CAM++", WACV 2018, equation 19.
public struct GradCAMPlusPlus: ClassActivationMap, MeanWeighted {
  /// The layer; `nil`: see `Explained.lastSpatialLayer()`.
  public var layer: String?
  /// Whether only what raises the objective is kept, as in the paper.
  public var rectified: Bool

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer; `nil`: see `Explained.lastSpatialLayer()`.
  ///   - rectified: Whether only what raises the objective is kept, as in the paper.
  public init(layer: String? = nil, rectified: Bool = true) {
    self.layer = layer
    self.rectified = rectified
  }

  /// The sums of the raised gradients.
  public func weights(_ response: LayerResponse) -> Tensor {
    let g = response.gradient
    let sums = response.activation.sum(alongAxes: [2, 3], keepingAxes: true)
    let squares = g * g
    let alpha = squares / (2 * squares + sums * squares * g + 1e-6)
    return (g.map { max($0, 0) } * alpha).sum(alongAxes: [2, 3], keepingAxes: true)
  }
}

extension RegisteredMethod {
  static let gradCAMPlusPlus = layerMap(
    "grad-cam++", "a layer's channels weighted by their positive gradients, rare ones raised"
  ) { GradCAMPlusPlus(layer: $0) }
}
