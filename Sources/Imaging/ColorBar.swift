/// The colours of a map and the numbers that they stand for.
public struct ColorBar: Sendable {
  /// The colours.
  public let colors: ColorMap
  /// The numbers at both ends.
  public let range: ClosedRange<Float>

  /// Creates a bar.
  ///
  /// - Parameters:
  ///   - colors: The colours.
  ///   - range: The numbers at both ends.
  public init(_ colors: ColorMap, _ range: ClosedRange<Float>) {
    (self.colors, self.range) = (colors, range)
  }

  /// The bar from the lower end on the left to the upper end on the right.
  ///
  /// - Precondition: `width` and `height` are at least 1.
  public func picture(width: Int, height: Int) -> Picture {
    var picture = Picture(width: width, height: height)
    for x in 0..<width {
      let color = colors[width == 1 ? 0.5 : Float(x) / Float(width - 1)]
      picture.fill(color, x: x, y: 0, width: 1, height: height)
    }
    return picture
  }
}
