import Networks
public import Tensors

/// A method that adds up a layer's channels with weights: class activation mapping.
///
/// With activations `A` and weights `w`, `Σ_c w_c ⊙ A_c`, and of that what is positive where it is rectified.
/// A method of this kind says what the weights are:
///
/// ```swift
/// struct HiResCAM: ClassActivationMap {
///   var layer: String?
///   func weights(_ response: LayerResponse) -> Tensor { response.gradient }
/// }
/// ```
public protocol ClassActivationMap: AttributionMethod {
  /// The layer; `nil` for the last with positions, before pooling.
  var layer: String? { get }
  /// Whether only what raises the objective is kept.
  var rectified: Bool { get }

  /// The weights of the layer's channels.
  ///
  /// - Parameter response: The layer's activations and gradients, N×C×h×w.
  /// - Returns: N×C×1×1, or N×C×h×w for weights of their own at each position.
  func weights(_ response: LayerResponse) -> Tensor
}

extension ClassActivationMap {
  /// True: only what raises the objective is kept.
  public var rectified: Bool { true }

  /// Explains pictures at the layer's resolution.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - progress: Not called: it is one pass.
  /// - Returns: N×1×h×w, the layer's height and width; neither enlarged nor normalized.
  /// - Throws: `NetworkError`; `AttributionError` where no layer can be found.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let layer = try layer.map { .layer($0) } ?? explained.lastSpatialLayer()
    let response = try explained.response(of: layer, at: pictures)
    guard response.hasPositions else { throw AttributionError.noPositions(layer: layer.title) }
    let map = (weights(response) * response.activation).sum(alongAxes: [1], keepingAxes: true)
    return rectified ? map.map { max($0, 0) } : map
  }
}
