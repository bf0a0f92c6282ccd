/// An sRGB colour of 8 bits a channel, with straight (not premultiplied) alpha.
public struct Color: Hashable, Sendable {
  /// The red channel.
  public var red: UInt8
  /// The green channel.
  public var green: UInt8
  /// The blue channel.
  public var blue: UInt8
  /// The opacity: 255 is opaque.
  public var alpha: UInt8

  /// Creates a colour from its channels.
  public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    (self.red, self.green, self.blue, self.alpha) = (red, green, blue, alpha)
  }

  /// Creates an opaque colour from a number such as `0xFF8000`.
  public init(_ hex: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex))
  }

  /// Creates an opaque grey.
  public init(grey: UInt8) {
    self.init(red: grey, green: grey, blue: grey)
  }

  /// White.
  public static let white = Color(grey: 255)
  /// Black.
  public static let black = Color(grey: 0)

  /// The colour a share of the way to another one, channel by channel in sRGB.
  ///
  /// - Parameters:
  ///   - other: The colour at `share` 1.
  ///   - share: From 0 (this colour) to 1; clamped.
  /// - Returns: The mixture.
  public func mixed(with other: Color, share: Float) -> Color {
    let t = share.clampedToUnit
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8(byteOfUnit: (Float(a) + (Float(b) - Float(a)) * t) / 255)
    }
    return Color(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue),
      alpha: mix(alpha, other.alpha))
  }

  /// The perceived lightness weighting of the channels, 0…1.
  ///
  /// Source: ITU-R BT.601 luma, the weights that `convert('L')` and CSS-era greyscale filters use.
  public var luma: Float {
    (0.299 * Float(red) + 0.587 * Float(green) + 0.114 * Float(blue)) / 255
  }
}

extension Float {
  /// This value between 0 and 1; NaN becomes 0.
  var clampedToUnit: Float { self > 0 ? (self < 1 ? self : 1) : 0 }
}

extension UInt8 {
  /// The byte nearest to a value in 0…1; values outside are clamped and NaN becomes 0.
  @inline(__always)
  init(byteOfUnit value: Float) {
    self = UInt8(value.clampedToUnit * 255 + 0.5)
  }
}
