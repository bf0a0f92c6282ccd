public import Imaging
public import Tensors

extension Explanation {
  /// How far the shown map is averaged, in pixels of the network; 0 for not at all.
  ///
  /// Maps with a sign a pixel flicker between blue and red from one pixel to the next, which hides where they
  /// lie on the whole.
  public func blur(_ style: MapStyle) -> Double {
    guard !isCoarse else { return 0 }
    if let blur = style.blur { return blur }
    return isSigned ? Double(max(attribution.shape[-1], attribution.shape[-2])) / 112 : 0
  }

  /// The map as it is shown, h×w: averaged where the style says so.
  public func shownMap(_ style: MapStyle) -> Tensor {
    map.blurred(deviation: blur(style))
  }

  /// The numbers at both ends of the colours, by this map alone.
  public func range(_ style: MapStyle) -> ClosedRange<Float> {
    range(of: shownMap(style), style)
  }

  func range(of map: Tensor, _ style: MapStyle) -> ClosedRange<Float> {
    let percentile = isCoarse ? 100 : style.percentile
    let rule: Normalization =
      isDiverging ? .symmetric(percentile: percentile) : .percentile(percentile)
    return rule.range(of: map)
  }

  /// Whether the map has a number for each position of a layer, and not for each pixel.
  private var isCoarse: Bool { method.registered.kind == .lowResolution }

  /// Whether the map is shown in colours on both sides of 0.
  public var isDiverging: Bool { isSigned || map.scalars.contains { $0 < 0 } }

  /// The heat map on the place of the photograph that it is about.
  ///
  /// - Parameters:
  ///   - photograph: The photograph.
  ///   - style: How numbers become colours.
  ///   - range: The numbers at both ends; nil: by this map alone.
  ///   - width: The width that the whole photograph is shown at, in pixels.
  ///   - height: The height that it is shown at.
  /// - Returns: The map at the size of its place, and the place.
  public func heatMap(
    on photograph: Photograph, _ style: MapStyle, range: ClosedRange<Float>? = nil, width: Int,
    height: Int
  ) -> (map: HeatMap, place: Framing.Rectangle) {
    let shown = shownMap(style)
    let (map, place) = photograph.framing.unframed(shown, width: width, height: height)
    let ends = range ?? self.range(of: shown, style)
    let colors: ColorMap = ends.lowerBound < 0 ? .blueWhiteRed : .inferno
    return (HeatMap(map, colors: colors, normalization: .fixed(ends)), place)
  }
}
