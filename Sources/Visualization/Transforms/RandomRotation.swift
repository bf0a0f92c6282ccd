public import Autodiff
public import Tensors

/// A turn about the centre, chosen among some angles.
///
/// Sampled bilinearly (lucid takes the nearest pixel, and 3.14 for π).
public struct RandomRotation: GeometricTransform {
  /// The angles in degrees, counter-clockwise.
  public var degrees: [Double]

  /// What comes into the picture at the corners.
  public var surroundings: Surroundings

  /// Creates the transform.
  ///
  /// - Precondition: There is at least one angle.
  public init(degrees: [Double], surroundings: Surroundings = .constant(0)) {
    precondition(!degrees.isEmpty, "RandomRotation: no angles")
    self.degrees = degrees
    self.surroundings = surroundings
  }

  /// Turns pictures.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    let placement = placement(of: PictureSize(of: image), using: &random)
    return placement.map == .identity
      ? image : image.placed(placement, surroundings: surroundings)
  }

  /// The same size and the turn.
  public func placement(
    of size: PictureSize, using random: inout some RandomNumberGenerator
  ) -> Placement {
    let angle = degrees[Int.random(in: degrees.indices, using: &random)]
    return Placement(
      size: size,
      map: angle == 0
        ? .identity : .about(centreOf: size.pair, and: size.pair, degrees: angle))
  }
}
