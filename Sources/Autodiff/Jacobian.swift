public import Tensors

/// All derivatives of all results: the Jacobian matrix, `Jᵢⱼ = ∂yᵢ/∂xⱼ`.
///
/// - Parameters:
///   - x: Where, shape (n) or any other.
///   - f: A function with a result of shape (m) or any other.
/// - Returns: Shape (m, n): the axes of the result, then those of `x`.
/// - Complexity: One evaluation of `f` and one walk backwards a scalar of the result, m in all.
public func jacobian(
  at x: Tensor, of f: (Variable) throws -> Variable
) rethrows -> Tensor {
  let (value, pullback) = try valueWithPullback(at: x, of: f)
  let shape = Shape(value.shape.dimensions + x.shape.dimensions)
  if shape.count == 0 { return Tensor(shape) }
  let rows = (0..<value.count).map { pullback(unit($0, value.shape)).reshaped([x.count]) }
  return Tensor.concatenate(rows).reshaped(shape)
}

/// The Jacobian matrix as a variable, which can be differentiated again.
///
/// - Parameters:
///   - x: Where.
///   - f: A function with a result of any shape.
/// - Returns: The axes of the result, then those of `x`.
/// - Complexity: One evaluation of `f` and one walk backwards a scalar of the result.
public func jacobian(
  at x: Variable, of f: (Variable) throws -> Variable
) rethrows -> Variable {
  let (value, pullback) = try valueWithPullback(at: x, of: f)
  let shape = Shape(value.shape.dimensions + x.shape.dimensions)
  if shape.count == 0 { return Variable(Tensor(shape)) }
  let rows = (0..<value.shape.count).map { row in
    pullback(Variable(unit(row, value.shape))).reshaped(to: [x.shape.count])
  }
  return concatenate(rows).reshaped(to: shape)
}

/// A function's value and its derivative along a direction, `J v`.
///
/// Reverse mode has no forward walk, but its pullback `u ↦ Jᵀ u` is linear: pulled back in its turn it
/// gives `v ↦ J v`. Source: Townsend, "A new trick for calculating Jacobian vector products", 2017.
///
/// - Parameters:
///   - xs: Where.
///   - directions: One direction `v` a variable, of its shape.
///   - f: A function with a result of any shape.
/// - Returns: The value, and the derivative in the value's shape.
/// - Precondition: Pullbacks on the way are written in functions of variables.
/// - Complexity: One evaluation of `f` and two walks, whatever the shapes: about four evaluations.
public func valueWithDerivative(
  at xs: [Tensor], along directions: [Tensor], of f: ([Variable]) throws -> Variable
) rethrows -> (value: Tensor, derivative: Tensor) {
  let leaves = xs.map { Variable($0, recording: .traced) }
  let output = try f(leaves)
  let (_, transpose) = valueWithPullback(at: [Tensor(output.shape)]) { u in
    let parts = zip(pullBack(u[0], from: output, to: leaves), directions).compactMap { part, v in
      part.map { dot($0, Variable(v)) }
    }
    return parts.reduce(Variable(0), +)
  }
  return (output.value, transpose(Tensor(1))[0])
}

/// A function's value and its derivative along a direction, `J v`.
///
/// - Parameters:
///   - x: Where.
///   - direction: The direction `v`, of the shape of `x`.
///   - f: A function with a result of any shape.
/// - Returns: The value, and the derivative in the value's shape.
public func valueWithDerivative(
  at x: Tensor, along direction: Tensor, of f: (Variable) throws -> Variable
) rethrows -> (value: Tensor, derivative: Tensor) {
  try valueWithDerivative(at: [x], along: [direction]) { try f($0[0]) }
}

/// Zeros with a single 1.
private func unit(_ index: Int, _ shape: Shape) -> Tensor {
  var result = Tensor(shape)
  result.withUnsafeMutableBufferPointer { $0[index] = 1 }
  return result
}
