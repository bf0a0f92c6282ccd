public import Networks
public import Tensors

/// A method that adds up a layer's channels with weights: class activation mapping.
///
/// With activations `A` and weights `w`, `Σ_c w_c ⊙ A_c`, and of that what is positive where it is rectified.
/// A method of this kind says what the weights are:
///
/// ```swift
/// struct GradientWeighted: ClassActivationMap {
///   var layer: String?
///   func weights(_ response: LayerResponse) -> Tensor { response.gradient }
/// }
/// ```
public protocol ClassActivationMap: LayerMap {
  /// The weights of the layer's channels.
  ///
  /// - Parameter response: The layer's activations and gradients, N×C×h×w.
  /// - Returns: N×C×1×1, or N×C×h×w for weights of their own at each position.
  func weights(_ response: LayerResponse) -> Tensor
}

extension ClassActivationMap {
  /// The sum of the weighted channels, by one pass there and back.
  public func map(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained,
    progress: (Double) -> Void
  ) throws -> Tensor {
    let response = try explained.response(of: layer, at: pictures)
    guard response.hasPositions else { throw AttributionError.noPositions(layer: layer.title) }
    return (weights(response) * response.activation).sum(alongAxes: [1], keepingAxes: true)
  }
}

extension RegisteredMethod {
  /// A method of a layer's map that takes the layer alone.
  static func layerMap(
    _ name: String, _ summary: String, _ method: @escaping @Sendable (String?) -> any LayerMap
  ) -> RegisteredMethod {
    RegisteredMethod(name, summary, shows: .lowResolution, takes: [.layer]) { settings in
      settings.fused { method($0) }
    }
  }
}
