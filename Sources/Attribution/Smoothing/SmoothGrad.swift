public import Tensors

/// A method averaged over noisy copies of the picture: of the gradient, SmoothGrad as published.
///
/// Source: Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017.
public struct SmoothGrad: RandomMethod {
  /// How strong the noise is.
  public enum Noise: Sendable, Hashable {
    /// Its standard deviation as a fraction of the sample's range, largest less smallest value.
    case relative(Float)
    /// Its standard deviation in the units of the input.
    case absolute(Float)
  }

  /// What is made of the maps at one element.
  public enum Statistic: String, Sendable, CaseIterable {
    /// Their mean.
    case mean
    /// The mean of their squares: SquareGrad.
    ///
    /// Source: Hooker et al., "A Benchmark for Interpretability Methods", NeurIPS 2019.
    case meanSquare = "square"
    /// Their variance, over the number of samples as in Captum: VarGrad.
    ///
    /// Source: Adebayo et al., "Local Explanation Methods for Deep Neural Networks", ICLR 2018 workshop.
    case variance
  }

  /// The number of noisy copies.
  ///
  /// Source: PAIR saliency, whose default it is, as is the noise of 0.15 of the range.
  public var samples: Int
  /// How strong the noise is.
  public var noise: Noise
  /// What is made of the maps.
  public var statistic: Statistic
  /// The method that is averaged.
  public var method: any AttributionMethod
  /// What the noise follows from.
  public var seed: UInt64

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - method: The method that is averaged.
  ///   - samples: The number of noisy copies, at least 1.
  ///   - noise: How strong the noise is.
  ///   - statistic: What is made of the maps.
  ///   - seed: What the noise follows from.
  public init(
    of method: any AttributionMethod = .gradient, samples: Int = 25,
    noise: Noise = .relative(0.15), statistic: Statistic = .mean, seed: UInt64 = 0
  ) {
    precondition(samples >= 1, "SmoothGrad: \(samples) samples")
    self.method = method
    self.samples = samples
    self.noise = noise
    self.statistic = statistic
    self.seed = seed
  }

  /// Explains pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W. The noise goes on from one to the next.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: What the smoothed method returns; a variance's standard error is that of normal maps.
  /// - Throws: What the smoothed method throws.
  public func estimate(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> MapEstimate {
    var random = SplitMix64(seed: seed)
    let deviation = standardDeviations(pictures)
    var maps = RunningMean()
    func noisy() -> Tensor {
      pictures + deviation * Tensor.normal(pictures.shape, using: &random)
    }
    func add(_ map: Tensor) { maps.add(statistic == .meanSquare ? map * map : map) }
    if let gradient = method as? Gradient {
      try explained.gradients(at: samples, rule: gradient.rule, progress: progress) { _ in
        noisy()
      } use: {
        add(gradient.absolute ? $1.absolute() : $1)
      }
    } else {
      for sample in 1...samples {
        try Task.checkCancellation()
        let map = try method.attribute(noisy(), of: explained) {
          progress((Double(sample - 1) + $0) / Double(samples))
        }
        add(map)
        progress(Double(sample) / Double(samples))
      }
    }
    guard statistic == .variance else { return maps.estimate }
    let variance = maps.variance
    return MapEstimate(
      mean: variance, standardError: variance * (2 / Float(max(samples - 1, 1))).squareRoot())
  }

  /// The noise's standard deviation: one value a sample, to be broadcast.
  private func standardDeviations(_ input: Tensor) -> Tensor {
    switch noise {
    case .absolute(let deviation): return Tensor(deviation)
    case .relative(let fraction):
      let others = Array(input.shape.dimensions.indices.dropFirst())
      let range = input.maximum(alongAxes: others) + (-input).maximum(alongAxes: others)
      return fraction * range
    }
  }
}

extension RegisteredMethod {
  /// SmoothGrad of the gradient.
  public static let smoothGrad = RegisteredMethod(
    "smoothgrad", "the gradient averaged over noisy copies of the input", takes: [.seed, .samples]
  ) { SmoothGrad(samples: $0.samples ?? 25, seed: $0.seedOrZero) }
  static let smoothGradSquared = RegisteredMethod(
    "smoothgrad-squared", "the square of the gradient, averaged over noisy copies of the input",
    takes: [.seed, .samples]
  ) { SmoothGrad(samples: $0.samples ?? 25, statistic: .meanSquare, seed: $0.seedOrZero) }
  static let varGrad = RegisteredMethod(
    "vargrad", "the variance of the gradient over noisy copies of the input",
    takes: [.seed, .samples]
  ) { SmoothGrad(samples: $0.samples ?? 25, statistic: .variance, seed: $0.seedOrZero) }
}
