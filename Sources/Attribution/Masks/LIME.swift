import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A linear model of the parts, fitted to the objective near the picture.
///
/// Coalitions of the parts are drawn with each part shown or not, like a coin; all `2ⁿ` are taken where they
/// are no more than `samples`. They count the less the farther they are from the picture, and a ridge
/// regression with a constant gives each part its coefficient.
///
/// Source: Ribeiro, Singh and Guestrin, "“Why Should I Trust You?”", KDD 2016; distance, width 0.25, 1,000
/// samples and ridge of 1 as in its `lime_image`. `.pictures()` with a ridge of 0.1 is captum's.
public struct LIME: PartMethod {
  /// How near a coalition is: `exp(−d² / (2 width²))` of a cosine distance `d`.
  public enum Kernel: Sendable, Hashable {
    /// The distance of the coalition, as ones and zeros, from the whole.
    case coalitions(width: Double = 0.25)
    /// The distance of the pictures.
    case pictures(width: Double = 1)
  }

  /// How pictures are cut up.
  public var parts: Parts
  /// What lies where a part is missing.
  public var baseline: Baseline
  /// How many coalitions are taken.
  public var samples: Int
  /// How near a coalition is.
  public var kernel: Kernel
  /// What the square of a coefficient costs.
  public var ridge: Double
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
  ///   - kernel: How near a coalition is.
  ///   - ridge: What the square of a coefficient costs; more than 0.
  ///   - seed: What the coalitions follow from.
  ///   - batch: How many pictures run through the network at a time.
  public init(
    parts: Parts = .superpixels(50), baseline: Baseline = .zero, samples: Int = 1000,
    kernel: Kernel = .coalitions(), ridge: Double = 1, seed: UInt64 = 0, batch: Int = 1
  ) {
    precondition(samples >= 1, "LIME: \(samples) samples")
    precondition(ridge > 0, "LIME: a ridge of \(ridge)")
    precondition(batch >= 1, "LIME: batches of \(batch)")
    (self.parts, self.baseline, self.samples) = (parts, baseline, samples)
    (self.kernel, self.ridge, self.seed, self.batch) = (kernel, ridge, seed, batch)
  }

  /// The coefficients of the model.
  ///
  /// - Throws: `AttributionError.tooFewSamples`, and what evaluating the objective throws.
  public func scores(
    _ game: CoalitionGame, progress: (Double) -> Void
  ) throws -> PartScores {
    let count = game.parts
    let isComplete = count < 40 && 1 << count <= samples
    func coalition(_ number: Int) -> Coalition {
      if isComplete { return Coalition(number: number, parts: count) }
      var random = SplitMix64(seed: seed, draw: number)
      return Coalition((0..<count).map { _ in random.next() >> 63 == 1 })
    }
    let number = isComplete ? 1 << count : samples
    let values = try game.values(of: number, progress: progress, coalition)
    var equations = LeastSquares(count + 1)
    let weights = values.indices.map { weight(coalition($0), game) }
    for number in values.indices {
      equations.add(coalition(number).numbers + [1], values[number], weight: weights[number])
    }
    // The constant costs nothing.
    let penalty = [Double](repeating: ridge, count: count) + [0]
    guard let solution = equations.solution(penalty: penalty) else {
      throw AttributionError.tooFewSamples(samples, parts: count)
    }
    let scores = Array(solution.coefficients.prefix(count))
    let intercept = solution.coefficients[count]
    if isComplete { return PartScores(scores, intercept: intercept) }
    var covariance = LeastSquares.Covariance(of: solution)
    for number in values.indices {
      covariance.add(coalition(number).numbers + [1], values[number], weight: weights[number])
    }
    let errors = (0..<count).map { part in
      covariance.standardError(of: (0...count).map { $0 == part ? 1 : 0 })
    }
    return PartScores(scores, standardErrors: errors, intercept: intercept)
  }

  private func weight(_ coalition: Coalition, _ game: CoalitionGame) -> Double {
    switch kernel {
    case .coalitions(let width):
      // The cosine of s ones among n with n ones is √(s / n).
      let distance = 1 - (Double(coalition.size) / Double(game.parts)).squareRoot()
      return exp(-distance * distance / (2 * width * width))
    case .pictures(let width):
      let distance = 1 - Self.cosine(game.picture, game.picture(showing: coalition.numbers))
      return exp(-distance * distance / (2 * width * width))
    }
  }

  /// The cosine between two pictures; 0 where one is nothing.
  private static func cosine(_ a: Tensor, _ b: Tensor) -> Double {
    var (product, first, second) = (0.0, 0.0, 0.0)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        for i in a.indices {
          product += Double(a[i]) * Double(b[i])
          first += Double(a[i]) * Double(a[i])
          second += Double(b[i]) * Double(b[i])
        }
      }
    }
    return product / max((first * second).squareRoot(), 1e-30)
  }
}

extension RegisteredMethod {
  static let lime = RegisteredMethod(
    "lime", "a linear model of the picture's parts, fitted near the picture", shows: .signed,
    takes: [.samples, .seed, .baseline, .parts]
  ) {
    LIME(
      parts: $0.parts ?? .superpixels(50), baseline: $0.baseline(or: .zero),
      samples: $0.samples ?? 1000, seed: $0.seedOrZero)
  }
}
