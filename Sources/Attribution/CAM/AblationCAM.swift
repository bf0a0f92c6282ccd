public import Networks
public import Tensors

/// The channels of a layer, weighted by how much the objective falls without them, and added up.
///
/// With `f_c` the objective when channel `c` is 0 everywhere, `w_c = (f − f_c) / |f|`. Only what comes after the
/// layer is run again, without a gradient.
///
/// The paper divides by `f`, a class's score that it takes to be positive: where it is negative, that turns the map
/// round, and the channels that hold the objective up are those that are dropped.
///
/// pytorch-grad-cam sets a channel to 0 only where the layer's smallest number is 0; elsewhere it pushes the
/// channels of a batch below that by 1e7, 2e7, 3e7 and so on; `.pushed` repeats that, and its division by `f`.
///
/// Source: Desai and Ramaswamy, "Ablation-CAM", WACV 2020.
public struct AblationCAM: LayerMap {
  /// What takes a channel's place.
  public enum Substitute: Sendable, Hashable {
    /// Zeros, as in the paper.
    case zeros
    /// Zeros where the layer's smallest number is 0; elsewhere that less 1e7 for each channel before it in a
    /// batch of 32, and falls over the objective with its sign, as in pytorch-grad-cam.
    case pushed
  }

  /// The layer; `nil`: see `Explained.lastSpatialLayer()`.
  public var layer: String?
  /// What takes a channel's place.
  public var substitute: Substitute
  /// Whether only what raises the objective is kept, as in the paper.
  public var rectified: Bool

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer; `nil`: see `Explained.lastSpatialLayer()`.
  ///   - substitute: What takes a channel's place.
  ///   - rectified: Whether only what raises the objective is kept, as in the paper.
  public init(
    layer: String? = nil, substitute: Substitute = .zeros, rectified: Bool = true
  ) {
    self.layer = layer
    self.substitute = substitute
    self.rectified = rectified
  }

  /// The weighted sum of each picture.
  public func map(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained,
    progress: (Double) -> Void
  ) throws -> Tensor {
    let layout = try explained.spatialLayout(of: layer)
    let maps = try (0..<pictures.shape[0]).map(reporting: progress) { sample, progress in
      let picture = pictures.gathered([sample], alongAxis: 0)
      let rest = try Remainder(after: layer, of: explained, at: picture)
      let channels = layout.channels
      let values = try explained.plans.sharingThreads {
        try rest.values(of: channels + 1, progress: progress) { index in
          index == 0
            ? rest.activation
            : rest.activation.replacing(
              channel: index - 1, along: layout.channelAxis,
              with: level(index - 1, rest.activation.minimum))
        }
      }
      guard values[0] != 0 else { throw AttributionError.objectiveIsZero(method: "Ablation-CAM") }
      let size = substitute == .pushed ? values[0] : abs(values[0])
      let weights = values.dropFirst().map { (values[0] - $0) / size }
      let grid = layout.grid(of: rest.activation)
      return (Tensor([1, channels, 1, 1], weights) * grid).sum(alongAxes: [1], keepingAxes: true)
    }
    return Tensor.concatenate(maps)
  }

  private func level(_ channel: Int, _ minimum: Float) -> Float {
    substitute == .zeros || minimum == 0 ? 0 : minimum - 1e7 * Float(channel % 32 + 1)
  }
}

extension Tensor {
  /// The same with one channel set to a number.
  fileprivate func replacing(channel: Int, along axis: Int, with value: Float) -> Tensor {
    var result = self
    let inner = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    let extent = shape[axis]
    result.withUnsafeMutableBufferPointer { out in
      for block in 0..<out.count / (extent * inner) {
        let first = (block * extent + channel) * inner
        for i in first..<first + inner { out[i] = value }
      }
    }
    return result
  }
}

extension RegisteredMethod {
  static let ablationCAM = layerMap(
    "ablation-cam", "a layer's channels weighted by how far the unit falls without them"
  ) { AblationCAM(layer: $0) }
}
