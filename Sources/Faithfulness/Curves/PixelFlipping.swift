public import Attribution
public import Tensors

/// How the scalar falls when single numbers of the picture, one channel of one pixel each, are made black in the
/// order of a map.
///
/// Source: Bach et al., "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise Relevance
/// Propagation", PLOS ONE 10, 2015; as Quantus has it, but with the value at the start.
public struct PixelFlipping: Sendable {
  /// How many numbers are flipped at a time.
  public var steps: PixelSteps

  /// Creates the measure.
  public init(steps: PixelSteps = .equal(32)) { self.steps = steps }

  /// The scalar from the whole picture to a black one.
  ///
  /// - Parameters:
  ///   - explained: The scalar; Quantus takes the unit's probability.
  ///   - picture: 1×C×H×W.
  ///   - map: A number for each of the picture's.
  ///   - black: What a number is flipped to; Quantus takes the picture's minimum.
  ///   - seed: What the order of equal numbers follows from.
  /// - Returns: The curve; the smaller its area, the better the map.
  /// - Throws: As `Explained.values(of:)`.
  public func curve(
    of explained: Explained, at picture: Tensor, map: Tensor, black: Float, seed: UInt64 = 0
  ) throws -> Curve {
    precondition(map.count == picture.count, "PixelFlipping: \(map.shape) of \(picture.shape)")
    let order = PixelOrder(map, seed: seed)
    return try explained.replacing(
      from: picture, by: Tensor(picture.shape, repeating: black),
      in: order.groups(steps) { [$0] })
  }
}
