public import Tensors

/// Gradient descent with momentum.
public struct Momentum: Optimizer {
  /// How the gradient enters the running direction.
  public enum Form: Hashable, Sendable {
    /// A running mean: `z ← β z + (1 − β) g`, `θ ← θ − η z`.
    case average

    /// A running sum, as in PyTorch: `v ← β v + g`, `θ ← θ − η v`. A step is 1/(1 − β) times as long.
    case sum

    /// A running sum looked at one step ahead, as in PyTorch: `v ← β v + g`, `θ ← θ − η (g + β v)`.
    ///
    /// Source: Sutskever et al., "On the importance of initialization and momentum", ICML 2013.
    case nesterov
  }

  /// The step size η.
  public var learningRate: Float

  /// How much of the direction stays from step to step, β.
  public var momentum: Float

  /// How the gradient enters the running direction.
  public var form: Form

  private var directions: [Tensor] = []

  /// Creates the optimizer.
  public init(learningRate: Float, momentum: Float = 0.9, form: Form = .average) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.form = form
  }

  /// Moves parameters one step downhill.
  public mutating func update(_ parameters: inout [Tensor], along gradients: [Tensor]) {
    checkShapes(parameters, gradients)
    prepareState(&directions, for: parameters)
    let step = step
    for i in parameters.indices {
      parameters[i].withUnsafeMutableBufferPointer { x in
        directions[i].withUnsafeMutableBufferPointer { v in
          gradients[i].withUnsafeBufferPointer { g in
            guard let x = x.baseAddress, let v = v.baseAddress, let gradient = g.baseAddress
            else { return }
            step.update(x, v, along: gradient, count: g.count)
          }
        }
      }
    }
  }

  /// One update: `v ← kept v + taken g`, `θ ← θ − rate (ahead g + along v)`.
  package struct Step: Sendable {
    fileprivate let rate, kept, taken, ahead, along: Float

    /// Updates some parameters and their directions in place.
    package func update(
      _ x: UnsafeMutablePointer<Float>, _ v: UnsafeMutablePointer<Float>,
      along g: UnsafePointer<Float>, count: Int
    ) {
      for i in 0..<count {
        let direction = kept * v[i] + taken * g[i]
        v[i] = direction
        x[i] -= rate * (ahead * g[i] + along * direction)
      }
    }
  }

  /// The next update.
  package var step: Step {
    let looksAhead = form == .nesterov
    return Step(
      rate: learningRate, kept: momentum, taken: form == .average ? 1 - momentum : 1,
      ahead: looksAhead ? 1 : 0, along: looksAhead ? momentum : 1)
  }
}

extension Momentum {
  /// What the running mean is called.
  static let named = NamedOptimizer(
    "momentum", help: "a running mean of the gradient", followsScale: true
  ) {
    Momentum(learningRate: $0, momentum: 0.9, form: .average)
  }

  /// What the running sum is called.
  static let namedSum = NamedOptimizer(
    "momentum-pytorch", help: "a running sum, ten times as far", followsScale: true
  ) {
    Momentum(learningRate: $0, momentum: 0.9, form: .sum)
  }
}
