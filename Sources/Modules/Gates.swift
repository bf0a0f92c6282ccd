public import Tensors

/// The sum of inputs of one shape: backwards, each receives the gradient.
public struct Add: Module {
  private var count = 0

  /// Creates the gate.
  public init() {}

  /// `x₀ + x₁ + …`.
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    count = inputs.count
    return inputs.dropFirst().reduce(inputs[0], +)
  }

  /// `g` to each.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] {
    [Tensor](repeating: upstream, count: count)
  }
}

/// The product of two inputs of one shape: backwards, each receives the gradient times the other.
public struct Multiply: Module {
  private var factors: [Tensor] = []

  /// Creates the gate.
  public init() {}

  /// `x₀ ⊙ x₁`.
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    factors = inputs
    return inputs[0] * inputs[1]
  }

  /// `(g ⊙ x₁, g ⊙ x₀)`.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] {
    [upstream * factors[1], upstream * factors[0]]
  }
}

/// The same numbers with one row a sample: from feature maps to a linear module.
public struct Flatten: Module {
  private var shape: Shape = []

  /// Creates the module.
  public init() {}

  /// From shape (batch, …) to (batch, features).
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    shape = inputs[0].shape
    return inputs[0].reshaped([shape[0], shape.count / max(shape[0], 1)])
  }

  /// The gradient in the shape of the input.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] { [upstream.reshaped(shape)] }
}
