public import Imaging

/// How calm a picture is, in three numbers that photographs have as well.
public struct PictureTraits: Hashable, Sendable {
  /// The mean of each pixel's saturation as HSV has it, `(max − min) / max`, in 0…1.
  public let saturation: Double
  /// The root mean square of what a pixel's colours differ from the mean of its four neighbours, in 0…1.
  public let detail: Double
  /// The share of numbers that are 0 or 255.
  public let clipped: Double

  /// Measures a picture at a size, so that pictures of several can be compared.
  ///
  /// - Parameters:
  ///   - picture: The picture; alpha is laid over white.
  ///   - side: The number of pixels of its shorter side that it is measured at; a smaller one as it is.
  public init(_ picture: Picture, side: Int = 64) {
    let shorter = min(picture.width, picture.height)
    let picture = picture.flattened()
    clipped =
      Double(picture.bytes.lazy.filter { $0 == 0 || $0 == 255 }.count)
      / Double(picture.bytes.count)
    let small =
      shorter <= side
      ? picture
      : picture.resized(
        width: max(1, picture.width * side / shorter),
        height: max(1, picture.height * side / shorter)
      )
    saturation = Self.saturation(small)
    detail = Self.detail(small)
  }

  private static func saturation(_ picture: Picture) -> Double {
    var sum = 0.0
    for i in stride(from: 0, to: picture.bytes.count, by: 3) {
      let colors = picture.bytes[i..<i + 3]
      let (least, most) = (colors.min() ?? 0, colors.max() ?? 0)
      if most > 0 { sum += Double(most - least) / Double(most) }
    }
    return sum / Double(picture.width * picture.height)
  }

  private static func detail(_ picture: Picture) -> Double {
    let (width, height) = (picture.width, picture.height)
    func value(_ x: Int, _ y: Int, _ channel: Int) -> Double {
      Double(picture.bytes[(y * width + x) * 3 + channel])
    }
    var (sum, count) = (0.0, 0)
    for y in 1..<max(1, height - 1) {
      for x in 1..<max(1, width - 1) {
        for c in 0..<3 {
          let around =
            value(x - 1, y, c) + value(x + 1, y, c) + value(x, y - 1, c) + value(x, y + 1, c)
          let difference = (value(x, y, c) - around / 4) / 255
          (sum, count) = (sum + difference * difference, count + 1)
        }
      }
    }
    return count == 0 ? 0 : (sum / Double(count)).squareRoot()
  }
}
