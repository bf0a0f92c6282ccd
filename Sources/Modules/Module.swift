public import Tensors

/// A block of the lecture's networks: one function with its three operations.
///
/// ```
///            ┌───────┐
///    x_in ──▶│       │──▶ x_out            forward propagation
///            │ f, W  │
/// ∂L/∂x_in ◀─│       │◀── ∂L/∂x_out        backprop to the input
///            └───┬───┘
///              ∂L/∂W                      backprop to the weights
/// ```
///
/// Nothing is traced: each module has its derivatives written out. The first axis of an input is the
/// batch, and gradients by weights are summed over it. A module keeps what `forward` computed, so the
/// two other operations speak of the last forward pass.
public protocol Module: Sendable {
  /// The parameters W that training changes; none unless the module says so.
  var weights: [Tensor] { get set }

  /// Computes `x_out = f(x_in, W)`.
  ///
  /// - Parameters:
  ///   - inputs: The inputs; most modules have one.
  ///   - training: Whether to behave as in training: drop units, normalize by the batch.
  /// - Returns: The output.
  mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor

  /// Computes `∂L/∂x_in` for each input from `∂L/∂x_out`.
  ///
  /// - Parameter upstream: The gradient by the output, of its shape.
  /// - Returns: One gradient an input, of its shape.
  func backpropToInputs(_ upstream: Tensor) -> [Tensor]

  /// Computes `∂L/∂W` for each of the weights from `∂L/∂x_out`.
  ///
  /// - Parameter upstream: The gradient by the output, of its shape.
  /// - Returns: One gradient a tensor of `weights`, of its shape, summed over the batch.
  func backpropToWeights(_ upstream: Tensor) -> [Tensor]
}

extension Module {
  /// No weights.
  public var weights: [Tensor] {
    get { [] }
    set { precondition(newValue.isEmpty, "\(Self.self) has no weights") }
  }

  /// No weights, no gradients.
  public func backpropToWeights(_ upstream: Tensor) -> [Tensor] { [] }

  /// Computes `x_out = f(x_in, W)` as in training.
  public mutating func forward(_ inputs: Tensor...) -> Tensor {
    forward(inputs, training: true)
  }

  /// Computes `∂L/∂x_in` for the first, most often the only, input.
  public func backpropToInput(_ upstream: Tensor) -> Tensor { backpropToInputs(upstream)[0] }
}

extension Tensor {
  /// A number a channel in the shape that broadcasts over (batch, channels, …).
  func alongChannels(of shape: Shape) -> Tensor {
    precondition(
      shape.rank >= 2 && count == shape[1], "\(self.shape) numbers for the channels of \(shape)")
    return reshaped(Shape([count] + [Int](repeating: 1, count: shape.rank - 2)))
  }

  /// The sum over all axes but the channels of (batch, channels, …).
  func summedToChannels() -> Tensor {
    sum(alongAxes: shape.dimensions.indices.filter { $0 != 1 })
  }
}
