public import Networks
public import Tensors

/// The first principal component of a layer: where its positions differ most from each other.
///
/// Positions are rows and channels columns; centred, the rows are projected on the direction of the greatest
/// variance. What the rows are made of is `content`. A component has no sign by itself, and LAPACK's is
/// chance; here it is that of the channels' sum (Eigen-CAM, Eigen-Grad-CAM), or, as its paper has it, the one
/// by which the farthest position is positive (Seg-Eigen-CAM).
///
/// Source: Muhammad and Yeasin, "Eigen-CAM", IJCNN 2020; Chung and Ying, "Seg-Eigen-CAM", Applied Sciences
/// 15, 2025.
public struct EigenCAM: LayerMap {
  /// What rows are made of.
  public enum Content: Sendable, Hashable {
    /// Activations: nothing is asked of the objective.
    case activations
    /// Activations times their gradients: Eigen-Grad-CAM, as in pytorch-grad-cam.
    case gradients
    /// Activations times the size of their gradients: Seg-Eigen-CAM.
    case gradientSizes
  }

  /// The layer; `nil`: see `Explained.lastSpatialLayer()`.
  public var layer: String?
  /// What rows are made of.
  public var content: Content
  /// Whether only what is positive is kept.
  public var rectified: Bool

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer; `nil`: see `Explained.lastSpatialLayer()`.
  ///   - content: What rows are made of.
  ///   - rectified: Whether only what is positive is kept.
  public init(layer: String? = nil, of content: Content = .activations, rectified: Bool = true) {
    self.layer = layer
    self.content = content
    self.rectified = rectified
  }

  /// The component of each picture.
  public func map(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained,
    progress: (Double) -> Void
  ) throws -> Tensor {
    let maps = try maps(of: pictures, at: layer, explained)
    let components = try (0..<maps.shape[0]).map(reporting: progress) { sample, _ in
      let one = maps.gathered([sample], alongAxis: 0)
      let rows = PositionRows(one)
      let component = rows.principalComponent()
      let sign =
        content == .gradientSizes ? component.signOfFarthest : component.sign(of: rows.sums)
      return Tensor([1, 1, one.shape[2], one.shape[3]], component.map { Float(sign * $0) })
    }
    return Tensor.concatenate(components)
  }

  private func maps(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained
  ) throws -> Tensor {
    if content == .activations { return try explained.activation(of: layer, at: pictures) }
    let response = try explained.response(of: layer, at: pictures)
    guard response.hasPositions else { throw AttributionError.noPositions(layer: layer.title) }
    let gradient = content == .gradients ? response.gradient : response.gradient.absolute()
    return gradient * response.activation
  }
}

extension [Double] {
  /// The sign by which the number farthest from zero is positive.
  var signOfFarthest: Double {
    let farthest = self.max { abs($0) < abs($1) } ?? 0
    return farthest < 0 ? -1 : 1
  }

  /// The sign by which they go with other numbers rather than against them.
  func sign(of others: [Double]) -> Double {
    zip(self, others).reduce(0) { $0 + $1.0 * $1.1 } < 0 ? -1 : 1
  }
}

extension RegisteredMethod {
  static let eigenCAM = layerMap(
    "eigen-cam", "what a layer sees: its first principal component"
  ) { EigenCAM(layer: $0) }
  static let eigenGradCAM = layerMap(
    "eigen-grad-cam", "the first principal component of a layer's channels times their gradients"
  ) { EigenCAM(layer: $0, of: .gradients) }
  static let segEigenCAM = layerMap(
    "seg-eigen-cam", "the first principal component of channels times their gradients' sizes"
  ) { EigenCAM(layer: $0, of: .gradientSizes) }
}
