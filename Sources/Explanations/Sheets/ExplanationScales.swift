/// The numbers at both ends of the colours of each map on a sheet.
public struct ExplanationScales: Sendable {
  private let style: MapStyle
  /// By the method, apart for what speaks for one thing rather than another: a difference is smaller.
  private let shared: [String: ClosedRange<Float>]
  /// What is explained, in parts whose numbers do not compare.
  let groups: [Set<SaliencyMap.Subject>]

  /// Finds the scales of maps that stand together.
  ///
  /// - Parameters:
  ///   - explanations: The maps.
  ///   - style: Whether those of one method have one scale, and how far it reaches.
  public init(of explanations: [SaliencyMap], _ style: MapStyle) {
    self.init(ofEach: [explanations], style)
  }

  /// Finds the scales of the maps of several photographs, which compare where the same is explained in them.
  ///
  /// - Parameters:
  ///   - photographs: The maps of each. What is explained in one photograph has one scale, and so has whatever is
  ///     explained together with any of it in another.
  ///   - style: Whether maps of one method have one scale, and how far it reaches.
  public init(ofEach photographs: [[SaliencyMap]], _ style: MapStyle) {
    self.style = style
    groups = Self.groups(photographs.map { Set($0.map(\.subject)) })
    var shared: [String: ClosedRange<Float>] = [:]
    if style.sharesScale {
      for explanation in photographs.joined() where explanation.nothing == nil {
        let (key, range) = (
          Self.key(of: explanation, in: groups), explanation.shown.range(style)
        )
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
    shared[Self.key(of: explanation, in: groups)] ?? explanation.shown.range(style)
  }

  /// Sets that have something in common made one.
  private static func groups(
    _ subjects: [Set<SaliencyMap.Subject>]
  ) -> [Set<SaliencyMap.Subject>] {
    subjects.reduce(into: []) { groups, set in
      let others = groups.filter { $0.isDisjoint(with: set) }
      let joined = groups.filter { !$0.isDisjoint(with: set) }.reduce(set) { $0.union($1) }
      groups = others + [joined]
    }
  }

  private static func key(
    of map: SaliencyMap, in groups: [Set<SaliencyMap.Subject>]
  ) -> String {
    let group = groups.firstIndex { $0.contains(map.subject) } ?? -1
    return "\(group) \(map.method.title)\(map.subject.second == nil ? "" : ", difference")"
  }
}
