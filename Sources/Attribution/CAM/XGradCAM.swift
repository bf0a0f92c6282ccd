public import Tensors

/// The channels of a layer, weighted by the mean of their gradients where they are active, and added up.
///
/// The weight of a channel is `Σ (g ⊙ A) / Σ A`: the choice for which removing the channel from the map
/// changes it as it changes the objective (axioms of sensitivity and conservation).
///
/// Source: Fu et al., "Axiom-based Grad-CAM", BMVC 2020.
public struct XGradCAM: ClassActivationMap, MeanWeighted {
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

  /// The gradients' means, each place weighted by its share of the channel's activation.
  public func weights(_ response: LayerResponse) -> Tensor {
    let (A, g) = (response.activation, response.gradient)
    return (g * A).sum(alongAxes: [2, 3], keepingAxes: true)
      / (A.sum(alongAxes: [2, 3], keepingAxes: true) + 1e-7)
  }
}

extension RegisteredMethod {
  static let xGradCAM = layerMap(
    "xgrad-cam", "a layer's channels weighted by their gradients where they are active"
  ) { XGradCAM(layer: $0) }
}
