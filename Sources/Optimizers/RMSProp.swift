public import Tensors

/// Steps divided by the root of the running mean of squared gradients.
///
/// `v ← α v + (1 − α) g²`, `θ ← θ − η g / (√v + ε)`, as PyTorch's `RMSprop`.
/// Source: Tieleman and Hinton, "Lecture 6.5: RMSProp", 2012.
public struct RMSProp: Optimizer {
  /// The step size η.
  public var learningRate: Float

  /// How much of the mean of squares stays from step to step, α.
  public var decay: Float

  /// What keeps the division finite, ε.
  public var epsilon: Float

  private var squares: [Tensor] = []

  /// Creates the optimizer; the defaults are PyTorch's.
  public init(learningRate: Float = 0.01, decay: Float = 0.99, epsilon: Float = 1e-8) {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
  }

  /// Moves parameters one step downhill.
  public mutating func update(_ parameters: inout [Tensor], along gradients: [Tensor]) {
    checkShapes(parameters, gradients)
    prepareState(&squares, for: parameters)
    let (rate, kept, epsilon) = (learningRate, decay, epsilon)
    for i in parameters.indices {
      parameters[i].withUnsafeMutableBufferPointer { x in
        squares[i].withUnsafeMutableBufferPointer { v in
          gradients[i].withUnsafeBufferPointer { g in
            for k in 0..<x.count {
              let square = kept * v[k] + (1 - kept) * g[k] * g[k]
              v[k] = square
              x[k] -= rate * g[k] / (squareRootApproximation(square) + epsilon)
            }
          }
        }
      }
    }
  }
}

extension RMSProp {
  /// What it is called.
  static let named = NamedOptimizer("rmsprop", help: "each step over the root of the mean square") {
    RMSProp(learningRate: $0)
  }
}
