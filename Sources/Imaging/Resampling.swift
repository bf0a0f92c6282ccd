#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How pixels between pixels are made when a picture changes its size.
///
/// All but `nearest` widen with the step when they scale down (they are antialiased), as Pillow's
/// filters and torchvision's `antialias=True` do. Samples lie at pixel centres and sRGB values are
/// averaged as they are, which is what classifiers were trained with.
public enum Resampling: String, Hashable, Sendable, CaseIterable {
  /// `bilinear` along an axis that shrinks, `mitchell` along one that grows.
  case automatic
  /// The nearest pixel: for pixel-exact enlarging.
  case nearest
  /// The mean over the pixel's area.
  case area
  /// The triangle filter.
  case bilinear
  /// Keys's cubic with a = −½ (Catmull–Rom): sharp, overshoots at edges a little.
  case bicubic
  /// Mitchell and Netravali's cubic with B = C = ⅓: smooth, nearly free of overshoot.
  case mitchell
  /// Lanczos's windowed sinc over three lobes: the sharpest, rings at hard edges.
  case lanczos

  /// The filter for an axis that goes from one count of pixels to another.
  func filter(from source: Int, to target: Int) -> Resampling {
    self == .automatic ? (target < source ? .bilinear : .mitchell) : self
  }

  /// How far the filter reaches from its centre, in source pixels at scale 1.
  var radius: Double {
    switch self {
    case .nearest, .area: 0.5
    case .bilinear: 1
    case .bicubic, .mitchell, .automatic: 2
    case .lanczos: 3
    }
  }

  /// The filter's value at a distance from its centre, before the weights are made to sum to 1.
  func weight(at distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .nearest, .area:
      // Half open, so that a sample on the border of two pixels belongs to one.
      return distance >= -0.5 && distance < 0.5 ? 1 : 0
    case .bilinear:
      return max(1 - x, 0)
    case .bicubic:
      return Self.cubic(x, b: 0, c: 0.5)
    case .mitchell, .automatic:
      return Self.cubic(x, b: 1 / 3, c: 1 / 3)
    case .lanczos:
      return x < 3 ? Self.sinc(x) * Self.sinc(x / 3) : 0
    }
  }

  /// The family of cubic filters.
  ///
  /// Source: Mitchell and Netravali, "Reconstruction Filters in Computer Graphics", SIGGRAPH 1988.
  private static func cubic(_ x: Double, b: Double, c: Double) -> Double {
    if x < 1 {
      return ((12 - 9 * b - 6 * c) * x * x * x + (-18 + 12 * b + 6 * c) * x * x + 6 - 2 * b) / 6
    }
    guard x < 2 else { return 0 }
    return
      ((-b - 6 * c) * x * x * x + (6 * b + 30 * c) * x * x + (-12 * b - 48 * c) * x
      + 8 * b + 24 * c) / 6
  }

  private static func sinc(_ x: Double) -> Double {
    x == 0 ? 1 : sin(.pi * x) / (.pi * x)
  }
}
