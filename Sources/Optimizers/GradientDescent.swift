public import Tensors

/// Gradient descent: `θ ← θ − η g`.
public struct GradientDescent: Optimizer {
  /// The step size η.
  public var learningRate: Float

  /// Creates the optimizer.
  public init(learningRate: Float) {
    self.learningRate = learningRate
  }

  /// Moves parameters one step downhill.
  public mutating func update(_ parameters: inout [Tensor], along gradients: [Tensor]) {
    checkShapes(parameters, gradients)
    let rate = learningRate
    for i in parameters.indices {
      parameters[i].withUnsafeMutableBufferPointer { x in
        gradients[i].withUnsafeBufferPointer { g in
          for k in 0..<x.count { x[k] -= rate * g[k] }
        }
      }
    }
  }
}

extension GradientDescent {
  /// What it is called.
  static let named = NamedOptimizer(
    "gradient-descent", help: "the gradient times the learning rate", followsScale: true
  ) {
    GradientDescent(learningRate: $0)
  }
}
