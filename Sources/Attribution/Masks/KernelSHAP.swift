import Tensors

/// Shapley values as the best additive fit to what coalitions of the parts are worth.
///
/// With `n` parts, a coalition of size `s` counts `(n − 1) / (C(n, s) s (n − s))`, and the fit is exact for
/// nothing and for everything, so that the numbers add up to `f(picture) − f(baseline)`. Where all `2ⁿ − 2`
/// coalitions are no more than `samples`, all are taken and the numbers are the Shapley values. Otherwise
/// coalitions are drawn with the kernel's probability, each with its complement, and count the same.
///
/// Source: Lundberg and Lee, "A Unified Approach to Interpreting Model Predictions", NeurIPS 2017; pairs:
/// Covert and Lee, "Improving KernelSHAP", AISTATS 2021. Captum draws single coalitions, and in place of the
/// exact ends gives both the weight 1e6: `ends: .weighted(1e6)`.
public struct KernelSHAP: CompletePartMethod {
  /// How the fit is held at its ends.
  public enum Ends: Sendable, Hashable {
    /// Nothing and everything are met exactly.
    case exact
    /// Both count so much, and the fit has a constant of its own.
    case weighted(Double)
  }

  /// How pictures are cut up.
  public var parts: Parts
  /// What lies where a part is missing.
  public var baseline: Baseline
  /// How many coalitions are taken.
  public var samples: Int
  /// How the fit is held at its ends.
  public var ends: Ends
  /// What the coalitions follow from.
  public var seed: UInt64
  /// How many pictures run through the network at a time.
  public var batch: Int

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - parts: How pictures are cut up.
  ///   - baseline: What lies where a part is missing.
  ///   - samples: How many coalitions are taken.
  ///   - ends: How the fit is held at its ends.
  ///   - seed: What the coalitions follow from.
  ///   - batch: How many pictures run through the network at a time.
  public init(
    parts: Parts = .superpixels(50), baseline: Baseline = .zero, samples: Int = 1000,
    ends: Ends = .exact, seed: UInt64 = 0, batch: Int = 1
  ) {
    precondition(samples >= 1, "KernelSHAP: \(samples) samples")
    precondition(batch >= 1, "KernelSHAP: batches of \(batch)")
    (self.parts, self.baseline, self.samples) = (parts, baseline, samples)
    (self.ends, self.seed, self.batch) = (ends, seed, batch)
  }

  /// The coefficients of the fit.
  ///
  /// - Throws: `AttributionError.tooFewSamples`, and what evaluating the objective throws.
  public func scores(
    _ game: CoalitionGame, progress: (Double) -> Void
  ) throws -> PartScores {
    let (nothing, everything) = try game.ends()
    if game.parts == 1 { return PartScores([everything - nothing], intercept: nothing) }
    let draws = KernelDraws(parts: game.parts, samples: samples, seed: seed)
    let values = try game.values(of: draws.count, progress: progress, draws.coalition)
    switch ends {
    case .exact: return try fit(draws, values, nothing, everything)
    case .weighted(let weight): return try fit(draws, values, nothing, everything, weight)
    }
  }

  /// The fit that is exact at its ends: the last coefficient is what the others leave.
  private func fit(
    _ draws: KernelDraws, _ values: [Double], _ nothing: Double, _ everything: Double
  ) throws -> PartScores {
    let (others, total) = (draws.parts - 1, everything - nothing)
    func row(_ number: Int) -> (x: [Double], y: Double) {
      let shown = draws.coalition(number).numbers
      let last = shown[others]
      return (shown.dropLast().map { $0 - last }, values[number] - nothing - last * total)
    }
    var equations = LeastSquares(others)
    for number in values.indices {
      let (x, y) = row(number)
      equations.add(x, y, weight: draws.weight(number))
    }
    guard let solution = equations.solution() else {
      throw AttributionError.tooFewSamples(samples, parts: draws.parts)
    }
    let first = solution.coefficients
    let scores = first + [total - first.reduce(0, +)]
    if draws.isComplete { return PartScores(scores, intercept: nothing) }
    var covariance = LeastSquares.Covariance(of: solution)
    for number in values.indices {
      let (x, y) = row(number)
      covariance.add(x, y, endsGroup: number % 2 == 1 || number == values.count - 1)
    }
    let errors = (0...others).map { part in
      covariance.standardError(of: (0..<others).map { part == others || part == $0 ? 1 : 0 })
    }
    return PartScores(scores, standardErrors: errors, intercept: nothing)
  }

  /// The fit with a constant, whose ends count much.
  private func fit(
    _ draws: KernelDraws, _ values: [Double], _ nothing: Double, _ everything: Double,
    _ weight: Double
  ) throws -> PartScores {
    let count = draws.parts
    var equations = LeastSquares(count + 1)
    equations.add([Double](repeating: 0, count: count) + [1], nothing, weight: weight)
    equations.add([Double](repeating: 1, count: count + 1), everything, weight: weight)
    for number in values.indices {
      equations.add(
        draws.coalition(number).numbers + [1], values[number], weight: draws.weight(number))
    }
    guard let solution = equations.solution() else {
      throw AttributionError.tooFewSamples(samples, parts: count)
    }
    let scores = Array(solution.coefficients.prefix(count))
    let intercept = solution.coefficients[count]
    if draws.isComplete { return PartScores(scores, intercept: intercept) }
    var covariance = LeastSquares.Covariance(of: solution)
    for number in values.indices {
      covariance.add(
        draws.coalition(number).numbers + [1], values[number],
        endsGroup: number % 2 == 1 || number == values.count - 1)
    }
    let errors = (0..<count).map { part in
      covariance.standardError(of: (0...count).map { $0 == part ? 1 : 0 })
    }
    return PartScores(scores, standardErrors: errors, intercept: intercept)
  }
}

extension RegisteredMethod {
  static let kernelSHAP = RegisteredMethod(
    "kernel-shap", "what each part adds, fitted to random coalitions of them", shows: .signed,
    takes: [.samples, .seed, .baseline, .parts]
  ) {
    KernelSHAP(
      parts: $0.parts ?? .superpixels(50), baseline: $0.baseline(or: .zero),
      samples: $0.samples ?? 1000, seed: $0.seedOrZero)
  }
}
