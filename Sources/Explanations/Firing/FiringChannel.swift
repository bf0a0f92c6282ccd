public import Tensors

/// A channel that responds to a photograph more than is usual for it.
public struct FiringChannel: Sendable {
  /// The layer.
  public let layer: String
  /// The channel's number.
  public let channel: Int
  /// The largest activation over all positions.
  public let peak: Float
  /// What is usual for it: the mean.
  public let usual: Float
  /// By how much it usually differs from that: the standard deviation.
  public let deviation: Float
  /// The activations, h×w, as they lie in the picture.
  public internal(set) var map: Tensor

  /// How far beyond its usual it is, in standard deviations.
  public var score: Float { (peak - usual) / deviation }

  /// The channel as people write it: `layer3:17`.
  public var name: String { "\(layer):\(channel)" }
}

/// What is usual for the channels of layers: the mean of their peaks over pictures, and its standard deviation.
public struct UsualResponses: Sendable {
  /// How many pictures it is from.
  public let count: Int
  /// By layer, one number a channel.
  let means: [String: [Float]]
  /// By layer, one number a channel.
  let deviations: [String: [Float]]
  /// What there is to say of files that are no pictures.
  public let leftOut: [String]
}
