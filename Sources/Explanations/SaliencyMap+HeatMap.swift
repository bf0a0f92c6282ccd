public import Imaging

extension SaliencyMap {
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
    let (map, place) = photograph.framing.unframed(
      shown.values(style), width: width, height: height)
    let ends = range ?? shown.range(style)
    return (
      HeatMap(map, colors: ShownMap.colors(ends), normalization: .fixed(ends)), place
    )
  }
}
