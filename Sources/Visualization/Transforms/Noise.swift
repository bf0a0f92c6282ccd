public import Autodiff
import Tensors

/// Normal noise on every number, so that what only a few exact pixels do is of no use.
public struct Noise: Transform {
  /// The standard deviation, for values in 0…1.
  public var deviation: Float

  /// Creates the transform.
  public init(_ deviation: Float) {
    self.deviation = deviation
  }

  /// Adds noise, another to each picture.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    image + Variable(.normal(image.shape, standardDeviation: deviation, using: &random))
  }
}
