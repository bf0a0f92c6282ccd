public import Tensors

/// Adam with weight decay apart from the gradient: `θ ← (1 − η λ) θ` before Adam's step.
///
/// As PyTorch's `AdamW`. Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization",
/// ICLR 2019.
public struct AdamW: Optimizer {
  /// The weight decay λ.
  public var weightDecay: Float

  private var adam: Adam

  /// The step size η.
  public var learningRate: Float {
    get { adam.learningRate }
    set { adam.learningRate = newValue }
  }

  /// Creates the optimizer; the defaults but for the step size are PyTorch's.
  public init(
    learningRate: Float, weightDecay: Float = 0.01, meanDecay: Float = 0.9,
    squareDecay: Float = 0.999, epsilon: Float = 1e-8
  ) {
    self.weightDecay = weightDecay
    adam = Adam(
      learningRate: learningRate, meanDecay: meanDecay, squareDecay: squareDecay, epsilon: epsilon)
  }

  /// Moves parameters one step downhill.
  public mutating func update(_ parameters: inout [Tensor], along gradients: [Tensor]) {
    adam.update(&parameters, along: gradients, weightDecay: weightDecay)
  }
}
