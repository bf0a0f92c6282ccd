public import Tensors

/// All second derivatives of a scalar function: the Hessian matrix, `Hᵢⱼ = ∂²f/∂xᵢ∂xⱼ`.
///
/// - Parameters:
///   - x: Where, shape (n) or any other.
///   - f: A function with a result of one scalar.
/// - Returns: Shape (n, n): the axes of `x` twice.
/// - Complexity: One recorded gradient and n walks backwards through it, each of about two gradients'
///   cost. For products with a few vectors `gradientWithHessianVectorProduct(at:along:of:)` is n times
///   cheaper.
public func hessian(
  at x: Tensor, of f: (Variable) throws -> Variable
) rethrows -> Tensor {
  try jacobian(at: x) { try gradient(at: $0, of: f) }
}

/// The Hessian matrix as a variable, which can be differentiated again.
///
/// - Parameters:
///   - x: Where.
///   - f: A function with a result of one scalar.
/// - Returns: The axes of `x` twice.
public func hessian(
  at x: Variable, of f: (Variable) throws -> Variable
) rethrows -> Variable {
  try jacobian(at: x) { try gradient(at: $0, of: f) }
}

/// The product of a scalar function's Hessian with a vector, `H v`, without the matrix.
///
/// The Hessian is the gradient's Jacobian and symmetric, so one pullback of the gradient gives it.
/// Source: Pearlmutter, "Fast Exact Multiplication by the Hessian", Neural Computation 1994.
///
/// - Parameters:
///   - x: Where.
///   - direction: The vector `v`, of the shape of `x`.
///   - f: A function with a result of one scalar.
/// - Returns: The gradient and `H v`, both of the shape of `x`.
/// - Complexity: One recorded gradient and one walk backwards through it, whatever the size of `x`:
///   about three gradients' cost.
public func gradientWithHessianVectorProduct(
  at x: Tensor, along direction: Tensor, of f: (Variable) throws -> Variable
) rethrows -> (gradient: Tensor, product: Tensor) {
  let (gradient, pullback) = try valueWithPullback(at: x) { try Autodiff.gradient(at: $0, of: f) }
  return (gradient, pullback(direction))
}
