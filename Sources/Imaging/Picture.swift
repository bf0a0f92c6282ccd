import Contracts

/// An 8-bit sRGB picture, with or without an alpha channel: a value, copied on write.
///
/// Rows run from the top, pixels from the left, channels are interleaved. Alpha is straight: colours
/// are not multiplied by it.
public struct Picture: Sendable, Equatable {
  /// The number of columns, in pixels.
  public let width: Int
  /// The number of rows, in pixels.
  public let height: Int
  /// Whether each pixel has a fourth byte, its opacity.
  public let hasAlpha: Bool
  /// The pixels: `width * height` times red, green, blue and, if `hasAlpha`, alpha.
  public internal(set) var bytes: [UInt8]

  /// The most pixels a picture that is read from a file may have.
  public static let pixelLimit = 100_000_000

  /// Creates a picture from its bytes.
  ///
  /// - Precondition: `width` and `height` are at least 1 and `bytes` holds 3 bytes a pixel, or 4 with
  ///   alpha.
  public init(width: Int, height: Int, hasAlpha: Bool = false, bytes: [UInt8]) {
    precondition(width > 0 && height > 0, "Picture: \(width)×\(height) pixels")
    precondition(
      bytes.count == width * height * (hasAlpha ? 4 : 3),
      "Picture: \(bytes.count) bytes for \(width)×\(height) pixels of \(hasAlpha ? 4 : 3) bytes")
    (self.width, self.height, self.hasAlpha, self.bytes) = (width, height, hasAlpha, bytes)
  }

  /// Creates a picture of one opaque colour.
  ///
  /// - Precondition: `width` and `height` are at least 1.
  public init(width: Int, height: Int, filledWith color: Color = .white) {
    var bytes = [UInt8](repeating: color.red, count: width * height * 3)
    if color.green != color.red || color.blue != color.red {
      for i in stride(from: 0, to: bytes.count, by: 3) {
        bytes[i + 1] = color.green
        bytes[i + 2] = color.blue
      }
    }
    self.init(width: width, height: height, bytes: bytes)
  }

  /// The number of bytes a pixel: 3, or 4 with alpha.
  public var channels: Int { hasAlpha ? 4 : 3 }

  /// The colour of one pixel; setting it on a picture without alpha drops the alpha.
  ///
  /// - Precondition: `x` is in `0..<width` and `y` in `0..<height`.
  public subscript(x x: Int, y y: Int) -> Color {
    get {
      let i = offset(x, y)
      return Color(
        red: bytes[i], green: bytes[i + 1], blue: bytes[i + 2],
        alpha: hasAlpha ? bytes[i + 3] : 255)
    }
    set {
      let i = offset(x, y)
      (bytes[i], bytes[i + 1], bytes[i + 2]) = (newValue.red, newValue.green, newValue.blue)
      if hasAlpha { bytes[i + 3] = newValue.alpha }
    }
  }

  private func offset(_ x: Int, _ y: Int) -> Int {
    precondition(
      x >= 0 && x < width && y >= 0 && y < height,
      "Picture: pixel (\(x), \(y)) of \(width)×\(height)")
    return (y * width + x) * channels
  }

  /// The picture without alpha, laid over a colour as browsers do it: in sRGB, not in linear light.
  public func flattened(over background: Color = .white) -> Picture {
    guard hasAlpha else { return self }
    let under = [background.red, background.green, background.blue].map(Int.init)
    let pixels = width * height
    let flat = [UInt8](unsafeUninitializedCapacity: pixels * 3) { out, count in
      for pixel in 0..<pixels {
        let alpha = Int(bytes[pixel * 4 + 3])
        for channel in 0..<3 {
          let sum = Int(bytes[pixel * 4 + channel]) * alpha + under[channel] * (255 - alpha)
          out[pixel * 3 + channel] = UInt8((sum + 127) / 255)
        }
      }
      count = pixels * 3
    }
    return Picture(width: width, height: height, bytes: flat)
  }
}
