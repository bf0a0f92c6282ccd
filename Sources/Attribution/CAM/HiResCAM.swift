public import Tensors

/// The channels of a layer times their gradients, place by place, added up.
///
/// With activations `A` and `g` the objective's gradient with respect to them, `relu(Σ_c g_c ⊙ A_c)`. Where
/// the rest of the network is linear it adds up to the objective.
///
/// Source: Draelos and Carin, "Use HiResCAM instead of Grad-CAM for faithful explanations", 2020.
public struct HiResCAM: ClassActivationMap {
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

  /// The gradient.
  public func weights(_ response: LayerResponse) -> Tensor { response.gradient }
}

extension RegisteredMethod {
  static let hiResCAM = layerMap(
    "hires-cam", "a layer's channels times their gradients, place by place"
  ) { HiResCAM(layer: $0) }
}
