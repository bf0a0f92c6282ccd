public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adam: steps along the running mean of the gradient, divided by the root of that of its square.
///
/// `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`,
/// `θ ← θ − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)`, as in PyTorch.
/// Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.
public struct Adam: Optimizer {
  /// The step size η.
  public var learningRate: Float

  /// How much of the mean stays from step to step, β₁.
  public var meanDecay: Float

  /// How much of the mean of squares stays from step to step, β₂.
  public var squareDecay: Float

  /// What keeps the division finite, ε.
  public var epsilon: Float

  private var moments = Moments()

  /// Creates the optimizer; the decays and ε are PyTorch's.
  public init(
    learningRate: Float, meanDecay: Float = 0.9, squareDecay: Float = 0.999, epsilon: Float = 1e-8
  ) {
    self.learningRate = learningRate
    self.meanDecay = meanDecay
    self.squareDecay = squareDecay
    self.epsilon = epsilon
  }

  /// Moves parameters one step downhill.
  public mutating func update(_ parameters: inout [Tensor], along gradients: [Tensor]) {
    update(&parameters, along: gradients, weightDecay: 0)
  }

  /// Moves parameters one step downhill and towards 0 by the factor `1 − η λ`.
  mutating func update(
    _ parameters: inout [Tensor], along gradients: [Tensor], weightDecay: Float
  ) {
    moments.advance()
    moments.update(
      &parameters, along: gradients, step(moments.step, weightDecay: weightDecay))
  }

  /// The update of a number, from 1.
  package func step(_ number: Int, weightDecay: Float = 0) -> Moments.Step {
    let t = Double(number)
    return Moments.Step(
      meanDecay: meanDecay, squareDecay: squareDecay,
      ofMean: Float(Double(learningRate) / (1 - pow(Double(meanDecay), t))),
      kept: 1 - learningRate * weightDecay,
      rootScale: Float(1 / (1 - pow(Double(squareDecay), t)).squareRoot()),
      epsilon: epsilon)
  }
}

extension Adam {
  /// What it is called.
  static let named = NamedOptimizer("adam", help: "mean over root mean square, both corrected") {
    Adam(learningRate: $0)
  }
}
