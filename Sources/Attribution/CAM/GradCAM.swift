public import Tensors

/// The channels of a layer, weighted by the mean of their gradients and added up.
///
/// With activations `A` and `g` the objective's gradient with respect to them,
/// `relu(Σ_c mean(g_c) · A_c)`. The map has the layer's resolution.
///
/// Source: Selvaraju et al., "Grad-CAM", ICCV 2017.
public struct GradCAM: ClassActivationMap, MeanWeighted {
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

  /// The mean of each channel's gradient.
  public func weights(_ response: LayerResponse) -> Tensor {
    let positions = Float(response.gradient.shape[2] * response.gradient.shape[3])
    return response.gradient.sum(alongAxes: [2, 3], keepingAxes: true) / positions
  }
}

extension RegisteredMethod {
  /// Grad-CAM.
  public static let gradCAM = layerMap(
    "grad-cam", "a layer's channels weighted by their gradients, at the layer's resolution"
  ) { GradCAM(layer: $0) }
}
