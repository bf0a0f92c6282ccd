public import Attribution
public import Tensors

/// How the scalar rises when the pixels that a map calls important come first: steeply, if the map is right.
///
/// With the unit's probability, one row's pixels at a time and a blurred picture (`riseBlurred`) to begin with
/// it is RISE's; with the logit, ten steps and zeros xplique's.
///
/// Source: Petsiuk, Das and Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box Models",
/// BMVC 2018.
public struct Insertion: Sendable {
  /// How many pixels come at a time.
  public var steps: PixelSteps

  /// Creates the measure.
  public init(steps: PixelSteps = .equal(10)) { self.steps = steps }

  /// The scalar from a start to the whole picture.
  ///
  /// - Parameters:
  ///   - explained: The scalar.
  ///   - picture: 1×C×H×W.
  ///   - order: The pixels, the most important first.
  ///   - start: The picture before any has come, of the same shape.
  /// - Returns: The curve; the larger its area, the better the map.
  /// - Throws: As `Explained.values(of:)`.
  public func curve(
    of explained: Explained, at picture: Tensor, order: PixelOrder, start: Tensor
  ) throws -> Curve {
    let places = explained.places(of: picture)
    return try explained.replacing(
      from: start, by: picture, in: order.groups(steps, places.scalars))
  }
}
