public import Autodiff
import Tensors

/// Another size, chosen among some factors.
public struct RandomScale: GeometricTransform {
  /// The factors.
  public var factors: [Double]

  /// Creates the transform.
  ///
  /// - Precondition: There is at least one factor.
  public init(_ factors: [Double]) {
    precondition(!factors.isEmpty, "RandomScale: no factors")
    self.factors = factors
  }

  /// Resizes pictures, sampled bilinearly, the edge repeated.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    image.placed(placement(of: PictureSize(of: image), using: &random), surroundings: .edge)
  }

  /// The new size, rounded down as in lucid.
  public func placement(
    of size: PictureSize, using random: inout some RandomNumberGenerator
  ) -> Placement {
    let factor = factors[Int.random(in: factors.indices, using: &random)]
    let scaled = PictureSize(
      height: max(1, Int(Double(size.height) * factor)),
      width: max(1, Int(Double(size.width) * factor)))
    return Placement(size: scaled, map: .resize(from: size.pair, to: scaled.pair))
  }
}
