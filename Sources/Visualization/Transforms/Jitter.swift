public import Autodiff
import Tensors

/// A random part of pictures, some pixels smaller than they: lucid's jitter.
public struct Jitter: GeometricTransform {
  /// By how many pixels height and width shrink; one of `pixels + 1` offsets along each is chosen.
  public var pixels: Int

  /// Creates the transform.
  public init(_ pixels: Int) {
    self.pixels = pixels
  }

  /// Crops pictures.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    let (y, x) = offset(using: &random)
    let size = cropped(PictureSize(of: image))
    return image.sliced([
      0..<image.shape[0], 0..<image.shape[1], y..<y + size.height, x..<x + size.width,
    ])
  }

  /// The smaller size and the shift.
  public func placement(
    of size: PictureSize, using random: inout some RandomNumberGenerator
  ) -> Placement {
    let (y, x) = offset(using: &random)
    return Placement(size: cropped(size), map: .translation(x: Double(x), y: Double(y)))
  }

  private func offset(using random: inout some RandomNumberGenerator) -> (y: Int, x: Int) {
    (Int.random(in: 0...pixels, using: &random), Int.random(in: 0...pixels, using: &random))
  }

  private func cropped(_ size: PictureSize) -> PictureSize {
    precondition(
      size.height > pixels && size.width > pixels,
      "Jitter: \(pixels) pixels of a picture of \(size.height)×\(size.width)")
    return PictureSize(height: size.height - pixels, width: size.width - pixels)
  }
}
