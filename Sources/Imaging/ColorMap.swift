/// A way from numbers in 0…1 to colours: evenly spaced stops with straight lines between them, in sRGB.
public struct ColorMap: Hashable, Sendable {
  /// The name, such as `viridis`.
  public let name: String
  /// Whether the map has a neutral middle, for values with a sign.
  public let isDiverging: Bool
  private let stops: [UInt32]

  init(name: String, isDiverging: Bool = false, stops: [UInt32]) {
    (self.name, self.isDiverging, self.stops) = (name, isDiverging, stops)
  }

  /// The colour of a value: 0 is the first stop, 1 the last; values outside are clamped and NaN is 0.
  public subscript(value: Float) -> Color {
    let position = value.clampedToUnit * Float(stops.count - 1)
    let lower = min(Int(position), stops.count - 2)
    return Color(stops[lower]).mixed(with: Color(stops[lower + 1]), share: position - Float(lower))
  }

  /// Black to white.
  public static let grey = ColorMap(name: "grey", stops: [0x000000, 0xFFFFFF])

  /// Blue for negative, white for zero, red for positive values; as light on both sides.
  ///
  /// Source: ColorBrewer's eleven-class `RdBu` (Cynthia Brewer, Apache License 2.0), turned round, with
  /// pure white for its middle.
  public static let blueWhiteRed = ColorMap(
    name: "blue-white-red", isDiverging: true,
    stops: [
      0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xFFFFFF, 0xFDDBC7, 0xF4A582, 0xD6604D,
      0xB2182B, 0x67001F,
    ])

  /// White for zero, red for positive values: the upper half of `blueWhiteRed`.
  public static let whiteRed = ColorMap(
    name: "white-red", stops: [0xFFFFFF, 0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B, 0x67001F])

  /// Every map.
  public static let all = [viridis, inferno, blueWhiteRed, whiteRed, grey]
}
