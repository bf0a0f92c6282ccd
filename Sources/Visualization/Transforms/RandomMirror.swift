public import Autodiff
import Tensors

/// Left and right exchanged, every other time.
public struct RandomMirror: GeometricTransform {
  /// Creates the transform.
  public init() {}

  /// Mirrors pictures, or does not.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    Bool.random(using: &random)
      ? image.gathered((0..<image.shape[3]).reversed(), alongAxis: 3) : image
  }

  /// The same size, and left and right exchanged or not.
  public func placement(
    of size: PictureSize, using random: inout some RandomNumberGenerator
  ) -> Placement {
    Placement(
      size: size,
      map: Bool.random(using: &random)
        ? AffineMap(a: -1, b: 0, c: Double(size.width - 1), d: 0, e: 1, f: 0) : .identity)
  }
}
