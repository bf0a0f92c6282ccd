public import Tensors

/// The channels of a layer, each place weighted by what is positive of its own gradient, and added up.
///
/// With activations `A` and `g` the objective's gradient with respect to them,
/// `relu(Σ_c relu(g_c) ⊙ A_c)`. A gradient by place leaves early layers their detail, where Grad-CAM's means
/// blur it. The map has the layer's resolution.
///
/// Source: Jiang et al., "LayerCAM: Exploring Hierarchical Class Activation Maps for Localization", IEEE
/// Transactions on Image Processing 30, 2021.
public struct LayerCAM: ClassActivationMap {
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

  /// The positive part of the gradient.
  public func weights(_ response: LayerResponse) -> Tensor { response.gradient.map { max($0, 0) } }
}

extension RegisteredMethod {
  /// LayerCAM.
  public static let layerCAM = layerMap(
    "layer-cam", "a layer's channels weighted place by place by their positive gradients"
  ) { LayerCAM(layer: $0) }
}
