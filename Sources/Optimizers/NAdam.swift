public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adam with Nesterov's look ahead, its momentum warmed up: `μₜ = β₁ (1 − ½ · 0.96^(tψ))`.
///
/// `θ ← θ − η ((1 − μₜ) g / (1 − Πμ) + μₜ₊₁ m / (1 − Πμ μₜ₊₁)) / (√(v / (1 − β₂ᵗ)) + ε)`, as in PyTorch.
/// Source: Dozat, "Incorporating Nesterov Momentum into Adam", ICLR workshop 2016.
public struct NAdam: Optimizer {
  /// The step size η.
  public var learningRate: Float

  /// How much of the mean stays from step to step, β₁.
  public var meanDecay: Float

  /// How much of the mean of squares stays from step to step, β₂.
  public var squareDecay: Float

  /// What keeps the division finite, ε.
  public var epsilon: Float

  /// How fast the momentum warms up, ψ.
  public var momentumDecay: Double

  private var moments = Moments()
  private var momentumProduct = 1.0

  /// Creates the optimizer; the defaults are PyTorch's.
  public init(
    learningRate: Float = 2e-3, meanDecay: Float = 0.9, squareDecay: Float = 0.999,
    epsilon: Float = 1e-8, momentumDecay: Double = 0.004
  ) {
    self.learningRate = learningRate
    self.meanDecay = meanDecay
    self.squareDecay = squareDecay
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
  }

  /// Moves parameters one step downhill.
  public mutating func update(_ parameters: inout [Tensor], along gradients: [Tensor]) {
    moments.advance()
    let t = Double(moments.step)
    let (now, next) = (momentum(at: t), momentum(at: t + 1))
    momentumProduct *= now
    let rate = Double(learningRate)
    moments.update(
      &parameters, along: gradients,
      Moments.Step(
        meanDecay: meanDecay, squareDecay: squareDecay,
        ofMean: Float(rate * next / (1 - momentumProduct * next)),
        ofGradient: Float(rate * (1 - now) / (1 - momentumProduct)),
        rootScale: Float(1 / (1 - pow(Double(squareDecay), t)).squareRoot()),
        epsilon: epsilon))
  }

  private func momentum(at step: Double) -> Double {
    Double(meanDecay) * (1 - 0.5 * pow(0.96, step * momentumDecay))
  }
}

extension NAdam {
  /// What it is called.
  static let named = NamedOptimizer("nadam", help: "Adam that looks one step ahead") {
    NAdam(learningRate: $0)
  }
}
