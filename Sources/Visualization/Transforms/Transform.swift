public import Autodiff
public import Tensors

/// A random change that a good picture should survive.
public protocol Transform: Sendable {
  /// Changes pictures, all of a batch alike.
  ///
  /// - Parameters:
  ///   - image: (batch, channels, height, width).
  ///   - random: The source of randomness.
  /// - Returns: (batch, channels, height, width), where height and width may be others.
  func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable
}

/// A transform that moves pixels and leaves their colours.
public protocol GeometricTransform: Transform {
  /// Draws one change.
  ///
  /// - Parameters:
  ///   - size: The size of the pictures.
  ///   - random: The source of randomness.
  /// - Returns: The size of the results, and where each of their pixels comes from.
  func placement(
    of size: PictureSize, using random: inout some RandomNumberGenerator
  ) -> Placement
}

/// Where the pixels of a picture come from.
public struct Placement: Hashable, Sendable {
  /// The size of the picture.
  public var size: PictureSize

  /// From its pixels to points of the picture before.
  public var map: AffineMap

  /// Creates a placement.
  public init(size: PictureSize, map: AffineMap) {
    self.size = size
    self.map = map
  }
}

extension Variable {
  func placed(_ placement: Placement, surroundings: Surroundings) -> Variable {
    resampled(
      placement.map, height: placement.size.height, width: placement.size.width,
      surroundings: surroundings)
  }
}
