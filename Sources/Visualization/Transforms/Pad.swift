public import Autodiff
import Tensors

/// A frame around pictures, so that what happens at the edge does not stay unseen.
public struct Pad: GeometricTransform {
  /// What the frame is filled with.
  public enum Filling: Hashable, Sendable {
    /// One value everywhere; 0.5 is grey.
    case constant(Float)

    /// The picture mirrored at its edge.
    case reflection
  }

  /// The width of the frame on every side, in pixels.
  public var pixels: Int

  /// What the frame is filled with.
  public var filling: Filling

  /// Creates the transform.
  public init(_ pixels: Int, filling: Filling = .constant(0.5)) {
    self.pixels = pixels
    self.filling = filling
  }

  /// Frames pictures.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    switch filling {
    case .constant(let value):
      image.padded(before: [0, 0, pixels, pixels], after: [0, 0, pixels, pixels], with: value)
    case .reflection:
      image.reflectionPadded(alongAxis: 2, before: pixels, after: pixels)
        .reflectionPadded(alongAxis: 3, before: pixels, after: pixels)
    }
  }

  /// The larger size and the shift.
  public func placement(
    of size: PictureSize, using random: inout some RandomNumberGenerator
  ) -> Placement {
    Placement(
      size: PictureSize(height: size.height + 2 * pixels, width: size.width + 2 * pixels),
      map: .translation(x: Double(-pixels), y: Double(-pixels)))
  }
}
