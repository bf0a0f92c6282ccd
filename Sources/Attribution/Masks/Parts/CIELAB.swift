import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A picture's colours where equal distances look about equal: lightness 0…100, green to red, blue to yellow.
///
/// Source: CIE 1976 L*a*b*, from sRGB with the white of D65.
struct CIELAB {
  /// L, a and b of each pixel, row by row.
  let colors: [SIMD3<Float>]

  /// Takes a picture.
  ///
  /// - Parameter picture: 1×C×H×W. Three channels are RGB, of any other number their mean is a grey; values are
  ///   stretched from the picture's own range to 0…1.
  init(_ picture: Tensor) {
    let (channels, pixels) = (picture.shape[1], picture.shape[2] * picture.shape[3])
    let x = picture.scalars
    let low = x.min() ?? 0
    let range = max((x.max() ?? 1) - low, .leastNormalMagnitude)
    colors = (0..<pixels).map { pixel in
      let values = (0..<channels).map { (x[$0 * pixels + pixel] - low) / range }
      let grey = values.reduce(0, +) / Float(channels)
      let rgb = channels == 3 ? SIMD3(values[0], values[1], values[2]) : SIMD3(repeating: grey)
      return Self.color(rgb)
    }
  }

  private static func color(_ rgb: SIMD3<Float>) -> SIMD3<Float> {
    let (r, g, b) = (linear(rgb.x), linear(rgb.y), linear(rgb.z))
    let x = root((0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.95047)
    let y = root(0.212671 * r + 0.715160 * g + 0.072169 * b)
    let z = root((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883)
    return SIMD3(116 * y - 16, 500 * (x - y), 200 * (y - z))
  }

  /// Light from an sRGB value.
  private static func linear(_ value: Float) -> Float {
    value > 0.04045 ? pow((value + 0.055) / 1.055, 2.4) : value / 12.92
  }

  private static func root(_ t: Float) -> Float {
    t > 0.008856 ? cbrt(t) : 7.787 * t + 16 / 116
  }
}
