public import Tensors

/// The Euclidean cost: `L = ½ ‖x − y‖²`, summed over the batch.
///
/// Its inputs are the prediction `x` and the target `y`; `∂L/∂x = x − y`.
public struct EuclideanCost: Module {
  private var difference = Tensor(0)

  /// Creates the module.
  public init() {}

  /// `½ Σ (x − y)²`, a scalar.
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    precondition(
      inputs[0].shape == inputs[1].shape,
      "EuclideanCost: \(inputs[0].shape) against \(inputs[1].shape)")
    difference = inputs[0] - inputs[1]
    return Tensor(Tensor.dot(difference, difference) / 2)
  }

  /// `(x − y, y − x)`, times the upstream scalar.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] {
    [difference * upstream.scalar, difference * -upstream.scalar]
  }
}

/// Softmax and cross-entropy in one: `L = − Σ y ln softmax(x)`, summed over the batch.
///
/// Its inputs are the logits `x` and the target probabilities `y`, both of shape (batch, classes);
/// `∂L/∂x = softmax(x) Σy − y`. The largest logit of each row is taken off before the exponential, so that
/// no logits overflow.
public struct CrossEntropy: Module {
  private var (logProbabilities, targets) = (Tensor(0), Tensor(0))

  /// Creates the module.
  public init() {}

  /// The probabilities that the last logits stand for, shape (batch, classes).
  public var probabilities: Tensor { logProbabilities.exponential() }

  /// `− Σ y ln softmax(x)`, a scalar.
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    precondition(
      inputs[0].shape == inputs[1].shape && inputs[0].shape.rank == 2,
      "CrossEntropy: \(inputs[0].shape) against \(inputs[1].shape)")
    let centred = inputs[0] - inputs[0].maximum(alongAxes: [1])
    let sums = centred.exponential().sum(alongAxes: [1], keepingAxes: true)
    logProbabilities = centred - sums.logarithm()
    targets = inputs[1]
    return Tensor(-Tensor.dot(targets, logProbabilities))
  }

  /// `(softmax(x) Σy − y, − ln softmax(x))`, times the upstream scalar.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] {
    let totals = targets.sum(alongAxes: [1], keepingAxes: true)
    return [
      (probabilities * totals - targets) * upstream.scalar,
      logProbabilities * -upstream.scalar,
    ]
  }

  /// The target probabilities of known classes: a 1 in each row, shape (batch, classes).
  public static func targets(_ labels: [Int], classes: Int) -> Tensor {
    var result = Tensor([labels.count, classes])
    result.withUnsafeMutableBufferPointer { result in
      for (row, label) in labels.enumerated() {
        precondition((0..<classes).contains(label), "targets: label \(label) of \(classes) classes")
        result[row * classes + label] = 1
      }
    }
    return result
  }
}

/// The cost of large numbers: `R = λ/2 Σ x²` over all inputs; `∂R/∂x = λ x`.
///
/// Over weights it is L2 weight decay; `ComputationalGraph.weightDecay` puts it over all of them.
public struct L2Cost: Module {
  /// The strength λ.
  public let decay: Float

  private var inputs: [Tensor] = []

  /// Creates the module.
  public init(decay: Float) { self.decay = decay }

  /// `λ/2 Σ x²`, a scalar.
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    self.inputs = inputs
    return Tensor(decay / 2 * inputs.reduce(0) { $0 + Tensor.dot($1, $1) })
  }

  /// `λ x`, times the upstream scalar.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] {
    inputs.map { $0 * (decay * upstream.scalar) }
  }
}
