public import Imaging
import Networks
import Tensors

extension Photograph {
  /// What to draw of a map on a photograph.
  public enum Layer: String, Sendable, CaseIterable {
    /// The map alone, where it lies; the rest is paper.
    case heatmap
    /// The map over the photograph; what the network was not shown is pale.
    case overlay
  }

  /// A picture of a map.
  ///
  /// - Parameters:
  ///   - layer: The map alone, or over the photograph.
  ///   - explanation: The map.
  ///   - style: How numbers become colours.
  ///   - range: The numbers at both ends of the colours; nil: by this map alone.
  ///   - width: The picture's width, in pixels; the height follows from the photograph.
  /// - Returns: A picture without alpha.
  public func picture(
    _ layer: Layer, of explanation: SaliencyMap, _ style: MapStyle,
    range: ClosedRange<Float>? = nil, width: Int
  ) -> Picture {
    if drawsItself {
      return picture(layer, of: explanation.shown, style, range: range, width: width)
    }
    let height = height(atWidth: width)
    let (map, place) = explanation.heatMap(
      on: self, style, range: range, width: width, height: height)
    var result: Picture
    switch layer {
    case .heatmap:
      result = Picture(width: width, height: height, filledWith: Self.unseen)
      result.draw(map.picture, x: place.x, y: place.y)
    case .overlay:
      let shown = picture.resized(width: width, height: height)
      result = dimmed(shown, outside: place)
      result.draw(map.overlay(on: shown.cropped(place)), x: place.x, y: place.y)
    }
    return result
  }

  /// A picture of a map of numbers: of a signal, a volume or another array.
  ///
  /// - Parameters:
  ///   - layer: The map alone, or over the numbers.
  ///   - map: The map.
  ///   - style: How numbers become colours.
  ///   - range: The numbers at both ends of the colours; nil: by this map alone.
  ///   - width: The picture's width, in pixels.
  /// - Returns: A picture without alpha.
  /// - Precondition: It is of numbers.
  public func picture(
    _ layer: Layer, of map: ShownMap, _ style: MapStyle, range: ClosedRange<Float>? = nil,
    width: Int
  ) -> Picture {
    precondition(isOfNumbers, "Photograph: \(name) is no array")
    let range = range ?? map.range(style)
    guard !drawsItself else {
      return InputDrawing(input, form: form).picture(layer, of: map, style, range, width: width)
    }
    let colors = HeatMap(
      map.values(style), colors: map.colors(range), normalization: .fixed(range))
    let shown = picture.resized(width: width, height: height(atWidth: width))
    return layer == .overlay
      ? colors.overlay(on: shown) : colors.picture(width: shown.width, height: shown.height)
  }

  /// The photograph, what the network was not shown of it pale.
  ///
  /// - Parameter width: The picture's width, in pixels.
  /// - Returns: A picture without alpha.
  public func shown(width: Int) -> Picture {
    if drawsItself { return InputDrawing(input, form: form).picture(width: width) }
    let height = height(atWidth: width)
    let shown = picture.resized(width: width, height: height)
    let place = framing.unframed(Tensor([1, 1]), width: width, height: height).place
    return dimmed(shown, outside: place)
  }

  /// The height of the photograph at a width, in pixels.
  public func height(atWidth width: Int) -> Int {
    max((picture.height * width + picture.width / 2) / picture.width, 1)
  }

  /// Whether it is drawn anew at every width: a signal, a volume.
  private var drawsItself: Bool { isOfNumbers && !form.takesPhotographs }

  /// The colour of what a map says nothing of.
  private static let unseen = Color(0xECECEC)

  private func dimmed(_ shown: Picture, outside place: Framing.Rectangle) -> Picture {
    guard place.width < shown.width || place.height < shown.height else { return shown }
    var dimmed = shown.faded(by: 0.65)
    dimmed.draw(shown.cropped(place), x: place.x, y: place.y)
    return dimmed
  }
}
