public import Networks
public import Tensors

/// What is positive of a layer's channels times their gradients, place by place, added up.
///
/// `Σ_c relu(g_c ⊙ A_c)`: unlike in HiResCAM, what one channel says against the objective takes nothing from
/// what another says for it.
///
/// Source: Pillai and Pirsiavash, "Explainable Models with Consistent Interpretations", AAAI 2021.
public struct ElementwiseGradCAM: LayerMap {
  /// The layer; `nil`: see `Explained.lastSpatialLayer()`.
  public var layer: String?

  /// Creates the method.
  public init(layer: String? = nil) { self.layer = layer }

  /// The sum of the products' positive parts.
  public func map(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained,
    progress: (Double) -> Void
  ) throws -> Tensor {
    let response = try explained.response(of: layer, at: pictures)
    guard response.hasPositions else { throw AttributionError.noPositions(layer: layer.title) }
    return (response.gradient * response.activation).map { max($0, 0) }
      .sum(alongAxes: [1], keepingAxes: true)
  }
}

extension RegisteredMethod {
  static let elementwiseGradCAM = layerMap(
    "elementwise-grad-cam", "what is positive of a layer's channels times their gradients"
  ) { ElementwiseGradCAM(layer: $0) }
}
