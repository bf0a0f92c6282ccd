public import Attribution
public import Tensors

/// How the scalar falls when the pixels that a map calls important go first: steeply, if the map is right.
///
/// With the unit's probability, one row's pixels at a time and zeros for what has gone it is RISE's; with the
/// logit and ten steps xplique's.
///
/// Source: Petsiuk, Das and Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box Models",
/// BMVC 2018.
public struct Deletion: Sendable {
  /// How many pixels go at a time.
  public var steps: PixelSteps

  /// Creates the measure.
  public init(steps: PixelSteps = .equal(10)) { self.steps = steps }

  /// The scalar from the whole picture to nothing.
  ///
  /// - Parameters:
  ///   - explained: The scalar.
  ///   - picture: 1×C×H×W.
  ///   - order: The pixels, the most important first.
  ///   - nothing: What is left where a pixel has gone, of the picture's shape.
  /// - Returns: The curve; the smaller its area, the better the map.
  /// - Throws: As `Explained.values(of:)`.
  public func curve(
    of explained: Explained, at picture: Tensor, order: PixelOrder, nothing: Tensor
  ) throws -> Curve {
    let places = explained.places(of: picture)
    return try explained.replacing(
      from: picture, by: nothing, in: order.groups(steps, places.scalars))
  }
}
