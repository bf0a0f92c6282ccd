#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
public import Networks
public import Tensors

/// The channels of a layer, weighted by the objective of the picture that each of them leaves, and added up.
///
/// Each channel, enlarged and brought to 0…1, masks the picture; the weights are the softmax of the objectives
/// of these pictures. As many forward passes as channels, no gradient. Where a mask is 0 the baseline stands:
/// what the network receives as 0, as in pytorch-grad-cam, whose other choices these are as well (corners
/// aligned, no baseline subtracted). A channel that is the same everywhere masks everything; there the
/// library's mask is what rounding leaves.
///
/// Source: Wang et al., "Score-CAM", CVPR workshops 2020.
public struct ScoreCAM: LayerMap {
  /// The layer; `nil`: see `Explained.lastSpatialLayer()`.
  public var layer: String?
  /// What stands where a mask is 0; a single one.
  public var baseline: Baseline
  /// Whether only what raises the objective is kept, as in the paper.
  public var rectified: Bool

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer; `nil`: see `Explained.lastSpatialLayer()`.
  ///   - baseline: What stands where a mask is 0; a single one.
  ///   - rectified: Whether only what raises the objective is kept, as in the paper.
  public init(layer: String? = nil, baseline: Baseline = .zero, rectified: Bool = true) {
    self.layer = layer
    self.baseline = baseline
    self.rectified = rectified
  }

  /// The weighted sum of each picture.
  public func map(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained,
    progress: (Double) -> Void
  ) throws -> Tensor {
    let activations = try explained.activation(of: layer, at: pictures)
    let empty = baseline.tensor(for: pictures, of: explained)
    let maps = try (0..<pictures.shape[0]).map(reporting: progress) { sample, progress in
      let own = activations.gathered([sample], alongAxis: 0)
      let start = empty.gathered([sample], alongAxis: 0)
      let way = pictures.gathered([sample], alongAxis: 0) - start
      let scores = try explained.values(of: own.shape[1], progress: progress) {
        start + way * (try Self.mask(own, channel: $0, layer, explained, like: way))
      }
      let weights = Tensor([1, own.shape[1], 1, 1], Self.softmax(scores))
      return (weights * own).sum(alongAxes: [1], keepingAxes: true)
    }
    return Tensor.concatenate(maps)
  }

  /// A channel enlarged and brought to 0…1.
  private static func mask(
    _ maps: Tensor, channel: Int, _ layer: Reading.Source, _ explained: Explained,
    like picture: Tensor
  ) throws -> Tensor {
    let (height, width) = (picture.shape[2], picture.shape[3])
    let small = maps.gathered([channel], alongAxis: 1)
    guard small.maximum > small.minimum else { return Tensor([1, 1, height, width]) }
    let large = explained.overBands(try explained.inSlices(small, of: layer), like: picture) {
      $0.enlarged(height: height, width: width, cornersAligned: true)
    }
    let lowest = large.minimum
    return (large - lowest) / (large.maximum - lowest + 1e-8)
  }

  private static func softmax(_ scores: [Float]) -> [Float] {
    let largest = scores.max() ?? 0
    let powers = scores.map { exp(Double($0 - largest)) }
    let sum = powers.reduce(0, +)
    return powers.map { Float($0 / sum) }
  }
}

extension RegisteredMethod {
  static let scoreCAM = RegisteredMethod(
    "score-cam", "a layer's channels weighted by the unit's value of what each leaves visible",
    shows: .lowResolution, takes: [.layer, .baseline, .seed]
  ) { settings in
    let baseline = try settings.singleBaseline(or: .zero, for: "score-cam")
    return settings.fused { ScoreCAM(layer: $0, baseline: baseline) }
  }
}
