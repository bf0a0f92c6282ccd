/// How maps are brought into colours.
public struct MapStyle: Hashable, Sendable {
  /// The percentile of the magnitudes, above 0 and at most 100, from which on colours are full.
  public var percentile: Double
  /// The standard deviation of the Gaussian that the shown map is evened out by, in pixels of the network.
  ///
  /// By default a pixel at 224×224 for maps with a sign a pixel, half of the way from one square to the next where
  /// squares were covered, none for others. Numbers are never evened out.
  public var blur: Double?
  /// Whether maps that compare have one scale: those of one method.
  public var sharesScale: Bool

  /// Creates a style.
  ///
  /// - Parameters:
  ///   - percentile: The percentile of the magnitudes from which on colours are full.
  ///   - blur: The deviation of the Gaussian that the shown map is evened out by, in pixels of the network; nil:
  ///     what suits the method.
  ///   - sharesScale: Whether maps that compare have one scale.
  /// - Precondition: `percentile` is above 0 and at most 100, `blur` not negative.
  public init(percentile: Double = 99, blur: Double? = nil, sharesScale: Bool = true) {
    precondition(percentile > 0 && percentile <= 100, "MapStyle: percentile \(percentile)")
    precondition((blur ?? 0) >= 0, "MapStyle: a blur of \(blur ?? 0)")
    (self.percentile, self.blur, self.sharesScale) = (percentile, blur, sharesScale)
  }
}
