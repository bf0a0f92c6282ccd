public import Tensors

/// What a file holds of the training pictures at one batch normalization.
public struct BatchNormalizationStatistics: Sendable {
  /// The value of the graph that is normalized.
  public let value: String
  /// The mean of each channel.
  public let mean: Tensor
  /// The variance of each channel.
  public let variance: Tensor

  /// Creates statistics.
  ///
  /// - Parameters:
  ///   - value: The value of the graph that is normalized.
  ///   - mean: One number a channel.
  ///   - variance: One number a channel.
  public init(value: String, mean: Tensor, variance: Tensor) {
    (self.value, self.mean, self.variance) = (value, mean, variance)
  }
}
