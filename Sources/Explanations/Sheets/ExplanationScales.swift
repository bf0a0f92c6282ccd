/// The numbers at both ends of the colours of each map on a sheet.
public struct ExplanationScales: Sendable {
  private let style: MapStyle
  /// By the method, apart for what speaks for one thing rather than another: a difference is smaller.
  private let shared: [String: ClosedRange<Float>]

  /// Finds the scales of maps that stand together.
  ///
  /// - Parameters:
  ///   - explanations: The maps.
  ///   - style: Whether those of one method have one scale, and how far it reaches.
  public init(of explanations: [SaliencyMap], _ style: MapStyle) {
    self.style = style
    var shared: [String: ClosedRange<Float>] = [:]
    if style.sharesScale {
      for explanation in explanations where explanation.nothing == nil {
        let (key, range) = (Self.key(of: explanation), explanation.shown.range(style))
        let other = shared[key] ?? range
        // A map without negative numbers beside one with them has its 0 in the middle as well.
        let ends = (
          min(range.lowerBound, other.lowerBound), max(range.upperBound, other.upperBound)
        )
        shared[key] = ends.0 < 0 ? min(ends.0, -ends.1)...max(ends.1, -ends.0) : ends.0...ends.1
      }
    }
    self.shared = shared
  }

  /// The scale of a map.
  public func range(of explanation: SaliencyMap) -> ClosedRange<Float> {
    shared[Self.key(of: explanation)] ?? explanation.shown.range(style)
  }

  private static func key(of map: SaliencyMap) -> String {
    map.method.title + (map.subject.second == nil ? "" : ", difference")
  }
}
