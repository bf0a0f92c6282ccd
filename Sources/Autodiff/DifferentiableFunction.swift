public import Tensors

/// An operation of your own: a forward pass, a backward pass, and what the first saves for the second.
///
/// What PyTorch calls `torch.autograd.Function`. The multiplication of two numbers, say:
///
/// ```swift
/// struct Multiply: DifferentiableFunction {
///   func forward(_ inputs: [Variable]) -> (value: Tensor, saved: [Variable]) {
///     (inputs[0].value * inputs[1].value, inputs)
///   }
///
///   func backward(
///     _ cotangent: Variable, output: Variable, saved: [Variable]
///   ) -> [Variable?] {
///     [saved[1] * cotangent, saved[0] * cotangent]  // ∂z/∂x · ∂L/∂z, ∂z/∂y · ∂L/∂z
///   }
/// }
///
/// let z = Multiply()(x, y)
/// ```
///
/// A backward pass written in functions of variables, as this one is, can itself be differentiated. One
/// that computes with `cotangent.value` gives right gradients, but no gradients of gradients;
/// `checkGradient(at:of:)` shows that as a forward derivative of 0. An operation of one line needs no
/// type: `Variable.init(_:operation:inputs:pullback:)` takes the backward pass as a closure.
public protocol DifferentiableFunction {
  /// What the forward pass leaves for the backward pass.
  associatedtype Saved

  /// The name that graphs and messages give; the type's own unless it is defined.
  var name: String { get }

  /// Computes the result.
  ///
  /// - Parameter inputs: The arguments.
  /// - Returns: The result, and what to save: inputs, as variables, or any other values. The result
  ///   itself need not be saved.
  func forward(_ inputs: [Variable]) -> (value: Tensor, saved: Saved)

  /// Computes the inputs' cotangents: the upstream gradient times the local ones.
  ///
  /// - Parameters:
  ///   - cotangent: The gradient by the result, of its shape.
  ///   - output: The result.
  ///   - saved: What the forward pass saved.
  /// - Returns: One cotangent an input, of its shape; nil for zero.
  func backward(_ cotangent: Variable, output: Variable, saved: Saved) -> [Variable?]
}

extension DifferentiableFunction {
  /// The type's name.
  public var name: String { "\(Self.self)" }

  /// Applies the operation and records it.
  ///
  /// - Parameter inputs: The arguments.
  /// - Returns: The result.
  public func callAsFunction(_ inputs: Variable...) -> Variable {
    let (value, saved) = forward(inputs)
    return Variable(value, operation: name, inputs: inputs) { cotangent, output in
      backward(cotangent, output: output, saved: saved)
    }
  }
}
