/// What each part of the picture contributes, on average over all orders in which the parts can be added.
///
/// `Σ_S |S|! (n − |S| − 1)! / n! · (f(S ∪ i) − f(S))` over all coalitions `S` without part `i` of `n`. The
/// parts' numbers add up to `f(picture) − f(baseline)` (efficiency). It takes `2ⁿ` pictures; beyond
/// `mostParts` see `ShapleySampling` and `KernelSHAP`.
///
/// Source: Shapley, "A Value for n-Person Games", 1953.
public struct ShapleyValues: CompletePartMethod {
  /// 65,536 pictures.
  public static let mostParts = 16

  /// How pictures are cut up.
  public var parts: Parts
  /// What lies where a part is missing.
  public var baseline: Baseline
  /// How many pictures run through the network at a time.
  public var batch: Int

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - parts: How pictures are cut up, into `mostParts` at most.
  ///   - baseline: What lies where a part is missing.
  ///   - batch: How many pictures run through the network at a time.
  public init(
    parts: Parts = .grid(rows: 3, columns: 3), baseline: Baseline = .zero, batch: Int = 1
  ) {
    precondition(batch >= 1, "ShapleyValues: batches of \(batch)")
    (self.parts, self.baseline, self.batch) = (parts, baseline, batch)
  }

  /// The Shapley values.
  ///
  /// - Throws: `AttributionError.tooManyParts`, and what evaluating the objective throws.
  public func scores(
    _ game: CoalitionGame, progress: (Double) -> Void
  ) throws -> PartScores {
    let count = game.parts
    guard count <= Self.mostParts else {
      throw AttributionError.tooManyParts(count, most: Self.mostParts)
    }
    let values = try game.values(of: 1 << count, progress: progress) {
      Coalition(number: $0, parts: count)
    }
    // 1 / (n · C(n − 1, |S|)), by the size of S.
    var weights = [1 / Double(count)]
    for size in 1..<max(count, 2) {
      weights.append(weights[size - 1] * Double(size) / Double(max(count - size, 1)))
    }
    var scores = [Double](repeating: 0, count: count)
    for (number, value) in values.enumerated() {
      for part in 0..<count where number >> part & 1 == 0 {
        let gain = values[number | 1 << part] - value
        scores[part] += weights[number.nonzeroBitCount] * gain
      }
    }
    return PartScores(scores)
  }
}

extension RegisteredMethod {
  static let shapley = RegisteredMethod(
    "shapley", "what each of a few parts adds, over all orders of adding them", shows: .signed,
    takes: [.baseline, .parts]
  ) {
    ShapleyValues(
      parts: $0.parts ?? .grid(rows: 3, columns: 3), baseline: $0.baseline(or: .zero))
  }
}
