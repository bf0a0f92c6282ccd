public import Tensors

/// Integrated gradients over many baselines, by random points on the lines from them.
///
/// Each sample draws one of the baselines and a place `α` on the line from it, and adds
/// `(x − b) ⊙ ∇f(b + α (x − b))`; noise is drawn anew each time. The expectation is the mean of the integrated
/// gradients from all baselines, which adds up to `f(x)` less their mean objective.
///
/// Source: Erion et al., "Improving performance of deep learning models with axiomatic attribution priors and
/// expected gradients", Nature Machine Intelligence 3, 2021.
public struct ExpectedGradients: RandomMethod {
  /// The baselines that are drawn from, all as likely.
  public var baselines: Baseline
  /// The number of samples.
  public var samples: Int
  /// What is drawn follows from it.
  public var seed: UInt64

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - baselines: The baselines that are drawn from, all as likely.
  ///   - samples: The number of samples, at least 1.
  ///   - seed: What is drawn follows from it.
  public init(
    baselines: Baseline = .several([.black, .white, .blur(), .noise()]), samples: Int = 100,
    seed: UInt64 = 0
  ) {
    precondition(samples >= 1, "ExpectedGradients: \(samples) samples")
    (self.baselines, self.samples, self.seed) = (baselines, samples, seed)
  }

  /// Explains pictures, all at the same places.
  public func estimate(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> MapEstimate {
    var random = SplitMix64(seed: seed)
    let each = baselines.each
    // Noise differs from draw to draw; everything else is made once.
    let fixed = each.map { $0.isNoise ? nil : $0.tensor(for: pictures, of: explained) }
    var maps = RunningMean()
    var ways: [Int: Tensor] = [:]
    try explained.gradients(at: samples, progress: progress) { sample in
      let place = Int.random(in: 0..<each.count, using: &random)
      let alpha = Float.random(in: 0..<1, using: &random)
      let seed = random.next()
      let start = fixed[place] ?? each[place].seeded(seed).tensor(for: pictures, of: explained)
      let way = pictures - start
      ways[sample] = way
      return start + way * alpha
    } use: { sample, gradient in
      if let way = ways.removeValue(forKey: sample) { maps.add(way * gradient) }
    }
    return maps.estimate
  }
}

extension ExpectedGradients: CompleteMethod {
  /// The objective less its mean over the baselines; of noise, over one draw.
  public func total(at pictures: Tensor, of explained: Explained) throws -> [Float] {
    try baselines.seeded(seed).rise(to: pictures, of: explained)
  }
}

extension Baseline {
  fileprivate var isNoise: Bool { if case .noise = self { true } else { false } }
}

extension RegisteredMethod {
  static let expectedGradients = RegisteredMethod(
    "expected-gradients", "integrated gradients from several baselines, at random points",
    shows: .signed, takes: [.samples, .baseline, .seed]
  ) {
    let usual = ExpectedGradients()
    return ExpectedGradients(
      baselines: $0.baseline ?? usual.baselines, samples: $0.samples ?? usual.samples,
      seed: $0.seedOrZero)
  }
}
