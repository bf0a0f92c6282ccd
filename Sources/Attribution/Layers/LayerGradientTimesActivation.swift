import Networks
public import Tensors

/// What each unit of a layer contributes: its activation times its gradient.
///
/// Source: Captum's `LayerGradientXActivation`; of a layer followed by nothing but linear ones it adds up to the
/// objective less its bias.
public struct LayerGradientTimesActivation: LayerMethod {
  /// The layer.
  public var layer: String

  /// Creates the method.
  public init(layer: String) { self.layer = layer }

  /// The products.
  public func units(
    of pictures: Tensor, _ explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let pass = try explained.pass(through: .layer(layer), at: pictures)
    return pass.activation * pass.gradient
  }
}

extension RegisteredMethod {
  static let layerGradientTimesActivation = layerMethod(
    "layer-gradient-x-activation",
    "what each unit of a layer contributes: activation times gradient"
  ) { layer, _ in LayerGradientTimesActivation(layer: layer) }
}
