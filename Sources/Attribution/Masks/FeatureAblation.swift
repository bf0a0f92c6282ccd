/// How far the objective falls when one part of the picture is taken away.
///
/// `f(x) − f(x without the part)`, at every pixel of the part.
///
/// Source: captum, `FeatureAblation`.
public struct FeatureAblation: PartMethod {
  /// How pictures are cut up.
  public var parts: Parts
  /// What lies where a part is missing.
  public var baseline: Baseline
  /// How many pictures run through the network at a time.
  public var batch: Int

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - parts: How pictures are cut up.
  ///   - baseline: What lies where a part is missing.
  ///   - batch: How many pictures run through the network at a time.
  public init(parts: Parts = .superpixels(100), baseline: Baseline = .zero, batch: Int = 1) {
    precondition(batch >= 1, "FeatureAblation: batches of \(batch)")
    (self.parts, self.baseline, self.batch) = (parts, baseline, batch)
  }

  /// The fall without each part.
  public func scores(
    _ game: CoalitionGame, progress: (Double) -> Void
  ) throws -> PartScores {
    let values = try game.values(of: game.parts + 1, progress: progress) { number in
      Coalition((0..<game.parts).map { $0 != number - 1 })
    }
    return PartScores(values.dropFirst().map { values[0] - $0 })
  }
}

extension RegisteredMethod {
  static let featureAblation = RegisteredMethod(
    "feature-ablation", "how far the unit falls without each part of the picture", shows: .signed,
    takes: [.baseline, .parts]
  ) {
    FeatureAblation(parts: $0.parts ?? .superpixels(100), baseline: $0.baseline(or: .zero))
  }
}
