public import Autodiff
public import Tensors

/// Several geometric transforms in one sampling, the result as large as the picture it came from.
///
/// The draws are those of the transforms one after the other. Three things differ: the picture is
/// interpolated once, not at every step, and stays sharper; outside of it there is one colour, also where
/// a step alone would have repeated the edge or put black; and of the last picture the middle is taken
/// (or framed), so that the network sees one size. Several times as fast as one after the other.
public struct Combined: Transform {
  /// The transforms, the first first.
  public var transforms: [any GeometricTransform]

  /// What stands outside the picture.
  public var surroundings: Surroundings

  /// Creates the transform.
  public init(
    _ transforms: [any GeometricTransform], surroundings: Surroundings = .constant(0.5)
  ) {
    self.transforms = transforms
    self.surroundings = surroundings
  }

  /// Changes pictures.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    image.placed(
      placement(of: PictureSize(of: image), using: &random), surroundings: surroundings)
  }

  /// The composition of all draws.
  func placement(
    of size: PictureSize, using random: inout some RandomNumberGenerator
  ) -> Placement {
    var result = Placement(size: size, map: .identity)
    let middle = CropOrPad(height: size.height, width: size.width)
    for transform in transforms + [middle] {
      let next = transform.placement(of: result.size, using: &random)
      result = Placement(size: next.size, map: next.map.followed(by: result.map))
    }
    return result
  }
}
