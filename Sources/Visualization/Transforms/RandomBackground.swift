public import Autodiff
import Tensors

/// Pictures with an opacity, laid over a random picture with photographs' frequencies: lucid's
/// `collapse_alpha_random`.
public struct RandomBackground: Transform {
  /// The standard deviation of the background's spectrum.
  public var deviation: Float

  /// Creates the transform.
  public init(_ deviation: Float = 0.5) {
    self.deviation = deviation
  }

  /// Lays pictures over a background, each over its own; the last channel is the opacity.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    let background = FourierImage(
      height: image.shape[2], width: image.shape[3], channels: image.shape[1] - 1,
      batch: image.shape[0], standardDeviation: deviation)
    let picture = background.picture(background.initialParameters(using: &random))
    return image.laid(over: Variable(picture))
  }
}
