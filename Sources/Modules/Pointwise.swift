public import Tensors

/// A function of each number with a bias: `x_outᵢ = h(x_inᵢ + bᵢ)`.
///
/// `∂L/∂x_inᵢ = ∂L/∂x_outᵢ · h′(x_inᵢ + bᵢ)`; the gradient by the bias is the same, summed over the batch
/// and, in feature maps, over the places that share the bias.
public struct Pointwise: Module {
  /// The function `h`.
  public let function: PointwiseFunction

  /// One number a feature or a channel; nil for no bias.
  public var bias: Tensor?

  private var (shifted, output) = (Tensor(0), Tensor(0))

  /// Creates the module.
  ///
  /// - Parameters:
  ///   - function: The function `h`.
  ///   - bias: One number a feature of (batch, features) or a channel of NCHW; nil for none.
  public init(_ function: PointwiseFunction, bias: Tensor? = nil) {
    (self.function, self.bias) = (function, bias)
  }

  /// Creates the module with a bias of zeros.
  public init(_ function: PointwiseFunction, biases: Int) {
    self.init(function, bias: Tensor([biases]))
  }

  /// The bias, if there is one.
  public var weights: [Tensor] {
    get { bias.map { [$0] } ?? [] }
    set { bias = newValue.first }
  }

  /// `h(x + b)`, in the shape of the input.
  public mutating func forward(_ inputs: [Tensor], training: Bool) -> Tensor {
    let x = inputs[0]
    shifted = bias.map { x + $0.alongChannels(of: x.shape) } ?? x
    output = shifted.map(function.value)
    return output
  }

  /// `g ⊙ h′(x + b)`.
  public func backpropToInputs(_ upstream: Tensor) -> [Tensor] {
    let slope = Tensor(output.shape) { slope in
      shifted.withUnsafeBufferPointer { x in
        output.withUnsafeBufferPointer { y in
          for i in slope.indices { slope[i] = function.derivative(x[i], y[i]) }
        }
      }
    }
    return [upstream * slope]
  }

  /// `g ⊙ h′(x + b)`, summed over what shares a bias.
  public func backpropToWeights(_ upstream: Tensor) -> [Tensor] {
    bias == nil ? [] : [backpropToInput(upstream).summedToChannels()]
  }
}
