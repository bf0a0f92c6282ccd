public import Attribution
public import Imaging
public import Networks
public import Tensors

/// What is shown of a method's map: a number a place, and how it becomes a colour.
public struct ShownMap: Sendable {
  /// A number a position, h×w; of a signal C×1×l, a row a band, or one for all; of a volume d×h×w, its slices.
  ///
  /// Where signs say something channels are added up, elsewhere the largest magnitude counts; bands of a signal stay
  /// apart, and are brought together in the same way where numbers are saved. Of maps of parts, whose channels are
  /// all alike, one stands for all.
  public let map: Tensor
  /// Whether what is negative speaks against the unit.
  public let isSigned: Bool
  /// Whether there is a number for each position of a layer, and not for each pixel.
  public let isCoarse: Bool
  /// Whether every pixel has the number of a part of the picture: the numbers of pixels add up to nothing.
  public let isByParts: Bool
  /// Whether it is of a signal, whose line is drawn over the colours.
  let isOfSignal: Bool
  /// From one square to the next, where squares of the usual size were covered.
  private let stride: Double?

  /// Takes what a method yields.
  ///
  /// - Parameters:
  ///   - attribution: 1×C×h×w.
  ///   - registered: The method by its name.
  ///   - method: The method, with what was said about it; nil: as it is by its name.
  ///   - form: What the network's input is.
  public init(
    _ attribution: Tensor, of registered: RegisteredMethod, method: (any AttributionMethod)? = nil,
    form: InputForm = .picture
  ) {
    let first = attribution.gathered([0], alongAxis: 1)
    let isAlike = (1..<attribution.shape[1]).allSatisfy {
      attribution.gathered([$0], alongAxis: 1).scalars == first.scalars
    }
    isSigned = registered.kind == .signed
    isOfSignal = form == .signal
    isCoarse = registered.kind == .lowResolution
    isByParts = registered.isByParts && isAlike
    switch form {
    case .signal:
      let rows = isByParts ? first : attribution
      let planes = rows.reshaped(Shape(Array(rows.shape.dimensions.dropFirst())))
      map = registered.kind == .unsigned ? planes.absolute() : planes
    case .picture where isByParts:
      map = first.reshaped(Shape(attribution.shape.dimensions.suffix(2)))
    default: map = registered.kind.planes(of: attribution, form)
    }
    let side = min(attribution.shape[2], attribution.shape[3])
    stride = method is Occlusion && form.takesPhotographs ? Double(max(1, side / 8)) / 2 : nil
  }

  /// How far the shown map is evened out, in its pixels; 0 for not at all.
  ///
  /// Maps with a sign a pixel flicker between red and blue; a little of it is evened out. Squares that
  /// overlap leave steps, which mean nothing.
  public func blur(_ style: MapStyle) -> Double {
    if isCoarse { return 0 }
    if let blur = style.blur { return blur }
    if let stride { return stride / 2 }
    return isSigned && !isByParts ? Double(max(map.shape[-1], map.shape[-2])) / 224 : 0
  }

  /// The numbers that are shown: evened out where the style says so.
  public func values(_ style: MapStyle) -> Tensor { map.blurred(deviation: blur(style)) }

  /// The numbers at both ends of the colours.
  ///
  /// Around 0 where signs say something, and for a map with both signs; else from 0 on, or from the smallest on where
  /// all numbers are far from 0.
  public func range(_ style: MapStyle) -> ClosedRange<Float> {
    let values = values(style)
    let (least, most) = (values.scalars.min() ?? 0, values.scalars.max() ?? 0)
    if !isSigned, least > most / 4, least < most { return least...most }
    let percentile = isCoarse || isByParts ? 100 : style.percentile
    let rule: Normalization =
      isSigned || least < 0 ? .symmetric(percentile: percentile) : .percentile(percentile)
    return rule.range(of: values)
  }

  /// The colours of the map: white for 0 where it has both signs, and behind the lines of signals.
  func colors(_ range: ClosedRange<Float>) -> ColorMap {
    isOfSignal && range.lowerBound >= 0 ? .whiteRed : Self.colors(range)
  }

  /// The colours of a range: with white for 0 where it has both signs.
  static func colors(_ range: ClosedRange<Float>) -> ColorMap {
    range.lowerBound < 0 ? .blueWhiteRed : .inferno
  }
}

extension RegisteredMethod {
  /// A map of what the method yields, in the colours that suit it.
  ///
  /// - Parameters:
  ///   - attribution: 1×C×h×w.
  ///   - style: How numbers become colours.
  /// - Returns: The map, h×w.
  public func heatMap(_ attribution: Tensor, _ style: MapStyle = MapStyle()) -> HeatMap {
    let shown = ShownMap(attribution, of: self)
    let range = shown.range(style)
    return HeatMap(
      shown.values(style), colors: ShownMap.colors(range), normalization: .fixed(range))
  }
}
