public import Networks
public import Tensors

/// The gradient averaged over noisy copies of the input.
///
/// Source: Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017.
public struct SmoothGrad: AttributionMethod {
  /// How strong the noise is.
  public enum Noise: Sendable, Hashable {
    /// Its standard deviation as a fraction of the sample's range, largest less smallest value.
    case relative(Float)
    /// Its standard deviation in the units of the input.
    case absolute(Float)
  }

  /// What is made of the gradients at one element.
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
  /// What is made of the gradients.
  public var statistic: Statistic
  /// How gradients pass rectifiers.
  public var rule: GradientRule
  /// What the noise follows from.
  public var seed: UInt64

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - samples: The number of noisy copies, at least 1.
  ///   - noise: How strong the noise is.
  ///   - statistic: What is made of the gradients.
  ///   - rule: How gradients pass rectifiers.
  ///   - seed: What the noise follows from.
  public init(
    samples: Int = 25, noise: Noise = .relative(0.15), statistic: Statistic = .mean,
    rule: GradientRule = .standard, seed: UInt64 = 0
  ) {
    precondition(samples >= 1, "SmoothGrad: \(samples) samples")
    self.samples = samples
    self.noise = noise
    self.statistic = statistic
    self.rule = rule
    self.seed = seed
  }

  /// Explains one scalar at one input.
  ///
  /// - Parameters:
  ///   - input: N×C×H×W. Every sample is explained on its own.
  ///   - subject: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `input`.
  /// - Throws: `NetworkError` or `AttributionError`.
  public func attribute(
    _ input: Tensor, of subject: Subject, progress: (Double) -> Void
  ) throws -> Tensor {
    let plan = try TargetPlan(subject, inputShape: input.shape, rule: rule)
    var random = SplitMix64(seed: seed)
    let deviation = standardDeviations(input)
    var mean = Tensor(input.shape)
    // The sum of squared distances from the mean (Welford), which does not cancel as E[g²] − E[g]² does.
    var spread = Tensor(input.shape)
    for sample in 1...samples {
      let noisy = input + deviation * Tensor.normal(input.shape, using: &random)
      var gradient = try plan.gradient(at: noisy)
      if statistic == .meanSquare { gradient = gradient * gradient }
      let difference = gradient - mean
      mean += difference / Float(sample)
      if statistic == .variance { spread += difference * (gradient - mean) }
      progress(Double(sample) / Double(samples))
    }
    return statistic == .variance ? spread / Float(samples) : mean
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
