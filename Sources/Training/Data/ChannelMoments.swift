/// Mean and standard deviation of each channel of some pictures, in 0…1.
public struct ChannelMoments: Sendable, Equatable {
  /// The means.
  public let mean: [Float]
  /// The standard deviations, above 0.
  public let standardDeviation: [Float]

  /// Puts both together.
  public init(mean: [Float], standardDeviation: [Float]) {
    (self.mean, self.standardDeviation) = (mean, standardDeviation)
  }
}
