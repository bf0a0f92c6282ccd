public import Autodiff
import Tensors

/// A shift along the rows by some pixels either way: what jitter is to signals, which have one row.
public struct RandomShift: GeometricTransform {
  /// By how many pixels at most.
  public var pixels: Int

  /// Creates the transform.
  public init(_ pixels: Int) {
    self.pixels = pixels
  }

  /// Shifts pictures; what comes in is halfway between black and white.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    image.placed(
      placement(of: PictureSize(of: image), using: &random), surroundings: .constant(0.5))
  }

  /// The same size and the shift.
  public func placement(
    of size: PictureSize, using random: inout some RandomNumberGenerator
  ) -> Placement {
    let shift = Int.random(in: -pixels...pixels, using: &random)
    return Placement(size: size, map: .translation(x: Double(shift), y: 0))
  }

  /// The transforms of signals, N×C×1×L.
  ///
  /// - Parameters:
  ///   - length: L.
  ///   - pixels: By how many they are shifted at most; nil: by the share of them that lucid shifts pictures by.
  /// - Returns: One sampling that shifts.
  static func ofSignals(length: Int, by pixels: Int?) -> [any Transform] {
    [Combined([RandomShift(pixels ?? max(1, length / 28))])]
  }
}
