#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where in one picture each point of another comes from.
///
/// Points are (x, y) in pixels, x to the right and y downwards; the centre of the first pixel is (0, 0).
/// `source = (a x + b y + c, d x + e y + f)`.
public struct AffineMap: Hashable, Sendable {
  /// The coefficients of the source's x.
  public var a, b, c: Double

  /// The coefficients of the source's y.
  public var d, e, f: Double

  /// The map that leaves every point where it is.
  public static let identity = AffineMap(a: 1, b: 0, c: 0, d: 0, e: 1, f: 0)

  /// Creates a map from its coefficients.
  public init(a: Double, b: Double, c: Double, d: Double, e: Double, f: Double) {
    (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
  }

  /// A shift: the point (0, 0) comes from (x, y).
  public static func translation(x: Double, y: Double) -> AffineMap {
    AffineMap(a: 1, b: 0, c: x, d: 0, e: 1, f: y)
  }

  /// A turn and a change of size about the centres of both pictures.
  ///
  /// - Parameters:
  ///   - source: The source's height and width.
  ///   - target: The result's height and width.
  ///   - degrees: The angle by which the picture turns, counter-clockwise as seen.
  ///   - scale: The factor by which it grows.
  /// - Returns: The map from the result to the source.
  public static func about(
    centreOf source: (height: Int, width: Int), and target: (height: Int, width: Int),
    degrees: Double = 0, scale: Double = 1
  ) -> AffineMap {
    let angle = degrees * .pi / 180
    let (cosine, sine) = (cos(angle) / scale, sin(angle) / scale)
    let (x, y) = (Double(target.width - 1) / 2, Double(target.height - 1) / 2)
    let (sx, sy) = (Double(source.width - 1) / 2, Double(source.height - 1) / 2)
    return AffineMap(
      a: cosine, b: -sine, c: sx - cosine * x + sine * y,
      d: sine, e: cosine, f: sy - sine * x - cosine * y)
  }

  /// The map of a resize without rotation: corners of the pictures' areas meet, as with PyTorch's
  /// `align_corners=False`.
  public static func resize(
    from source: (height: Int, width: Int), to target: (height: Int, width: Int)
  ) -> AffineMap {
    let x = Double(source.width) / Double(target.width)
    let y = Double(source.height) / Double(target.height)
    return AffineMap(a: x, b: 0, c: x / 2 - 0.5, d: 0, e: y, f: y / 2 - 0.5)
  }

  /// The map that goes through this one and then through `next`, which leads farther back.
  ///
  /// `self` leads from the last picture to the middle one, `next` from the middle to the first.
  public func followed(by next: AffineMap) -> AffineMap {
    AffineMap(
      a: next.a * a + next.b * d, b: next.a * b + next.b * e, c: next.a * c + next.b * f + next.c,
      d: next.d * a + next.e * d, e: next.d * b + next.e * e, f: next.d * c + next.e * f + next.f)
  }

  /// The point of the source.
  public func callAsFunction(x: Double, y: Double) -> (x: Double, y: Double) {
    (a * x + b * y + c, d * x + e * y + f)
  }
}
