public import Networks
public import Tensors

/// The channels of a layer, weighted by how often they are much more active than usual, and added up.
///
/// A channel's weight is the share of its positions above its mean plus `k` standard deviations. It asks
/// nothing of the objective: it shows what the layer sees.
///
/// Source: Fuad et al., "Features Understanding in 3D CNNs for Actions Recognition in Video" (Feature
/// Explanation Method), IPTA 2020.
public struct FEM: LayerMap {
  /// The layer; `nil`: see `Explained.lastSpatialLayer()`.
  public var layer: String?
  /// How many standard deviations above the mean are much.
  public var k: Float
  /// Whether only what is positive is kept.
  public var rectified: Bool

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer; `nil`: see `Explained.lastSpatialLayer()`.
  ///   - k: How many standard deviations above the mean are much.
  ///   - rectified: Whether only what is positive is kept.
  public init(layer: String? = nil, k: Float = 2, rectified: Bool = true) {
    self.layer = layer
    self.k = k
    self.rectified = rectified
  }

  /// The weighted sum, by one pass forwards.
  public func map(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained,
    progress: (Double) -> Void
  ) throws -> Tensor {
    let A = try explained.activation(of: layer, at: pictures)
    let count = Float(A.shape[2] * A.shape[3])
    let mean = A.sum(alongAxes: [2, 3], keepingAxes: true) / count
    let distance = A - mean
    let variance = (distance * distance).sum(alongAxes: [2, 3], keepingAxes: true) / count
    let isMuch = (distance - k * variance.squareRoot()).map { $0 > 0 ? 1 : 0 }
    let weights = isMuch.sum(alongAxes: [2, 3], keepingAxes: true) / count
    return (weights * A).sum(alongAxes: [1], keepingAxes: true)
  }
}

extension RegisteredMethod {
  static let fem = layerMap(
    "fem", "what a layer sees: channels weighted by how often they are unusually active"
  ) { FEM(layer: $0) }
}
