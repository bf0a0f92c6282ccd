public import Tensors

// The forms with tensors give numbers: nothing of them can be differentiated again, and nothing of the
// walk backwards is recorded. The forms with variables can stand inside another gradient.

/// The gradient of a scalar function.
///
/// - Parameters:
///   - x: Where.
///   - f: A function with a result of one scalar.
/// - Returns: The shape of `x`.
public func gradient(
  at x: Tensor, of f: (Variable) throws -> Variable
) rethrows -> Tensor {
  try valueWithGradient(at: x, of: f).gradient
}

/// The gradients of a scalar function of several variables.
///
/// - Parameters:
///   - xs: Where.
///   - f: A function with a result of one scalar.
/// - Returns: One gradient a variable, of its shape.
public func gradient(
  at xs: [Tensor], of f: ([Variable]) throws -> Variable
) rethrows -> [Tensor] {
  try valueWithGradient(at: xs, of: f).gradient
}

/// The gradient of a scalar function, which can be differentiated again.
///
/// - Parameters:
///   - x: Where.
///   - f: A function with a result of one scalar.
/// - Returns: The shape of `x`.
public func gradient(
  at x: Variable, of f: (Variable) throws -> Variable
) rethrows -> Variable {
  try valueWithGradient(at: x, of: f).gradient
}

/// The gradients of a scalar function of several variables, which can be differentiated again.
///
/// - Parameters:
///   - xs: Where.
///   - f: A function with a result of one scalar.
/// - Returns: One gradient a variable, of its shape.
public func gradient(
  at xs: [Variable], of f: ([Variable]) throws -> Variable
) rethrows -> [Variable] {
  try valueWithGradient(at: xs, of: f).gradient
}

/// A scalar function's value and gradient.
///
/// - Parameters:
///   - x: Where.
///   - f: A function with a result of one scalar.
/// - Returns: The value and the gradient, of the shape of `x`.
public func valueWithGradient(
  at x: Tensor, of f: (Variable) throws -> Variable
) rethrows -> (value: Float, gradient: Tensor) {
  let (value, gradients) = try valueWithGradient(at: [x]) { try f($0[0]) }
  return (value, gradients[0])
}

/// A scalar function's value and its gradients by several variables.
///
/// - Parameters:
///   - xs: Where.
///   - f: A function with a result of one scalar.
/// - Returns: The value and one gradient a variable.
public func valueWithGradient(
  at xs: [Tensor], of f: ([Variable]) throws -> Variable
) rethrows -> (value: Float, gradient: [Tensor]) {
  let (value, pullback) = try valueWithPullback(at: xs, of: f)
  precondition(value.count == 1, "gradient: the value is no scalar but has shape \(value.shape)")
  return (value.reshaped([]).scalar, pullback(Tensor(value.shape, repeating: 1)))
}

/// A scalar function's value and gradient, which can be differentiated again.
///
/// - Parameters:
///   - x: Where.
///   - f: A function with a result of one scalar.
/// - Returns: The value and the gradient.
public func valueWithGradient(
  at x: Variable, of f: (Variable) throws -> Variable
) rethrows -> (value: Variable, gradient: Variable) {
  let (value, gradients) = try valueWithGradient(at: [x]) { try f($0[0]) }
  return (value, gradients[0])
}

/// A scalar function's value and its gradients by several variables, which can be differentiated again.
///
/// - Parameters:
///   - xs: Where.
///   - f: A function with a result of one scalar.
/// - Returns: The value and one gradient a variable.
public func valueWithGradient(
  at xs: [Variable], of f: ([Variable]) throws -> Variable
) rethrows -> (value: Variable, gradient: [Variable]) {
  let (value, pullback) = try valueWithPullback(at: xs, of: f)
  precondition(
    value.value.count == 1, "gradient: the value is no scalar but has shape \(value.shape)")
  return (value, pullback(Variable(Tensor(value.shape, repeating: 1))))
}

/// A function's value and its pullback: from a cotangent of the value to the cotangent of `x`.
///
/// - Parameters:
///   - x: Where.
///   - f: A function with a result of any shape.
/// - Returns: The value and the pullback `g ↦ Jᵀ g`, which may be called more than once.
public func valueWithPullback(
  at x: Tensor, of f: (Variable) throws -> Variable
) rethrows -> (value: Tensor, pullback: (Tensor) -> Tensor) {
  let (value, pullback) = try valueWithPullback(at: [x]) { try f($0[0]) }
  return (value, { pullback($0)[0] })
}

/// A function's value and its pullback to several variables.
///
/// - Parameters:
///   - xs: Where.
///   - f: A function with a result of any shape.
/// - Returns: The value and the pullback.
public func valueWithPullback(
  at xs: [Tensor], of f: ([Variable]) throws -> Variable
) rethrows -> (value: Tensor, pullback: (Tensor) -> [Tensor]) {
  let leaves = xs.map { Variable($0, recording: .traced) }
  let output = try f(leaves)
  return (
    output.value,
    { cotangent in
      let result = pullBack(Variable(cotangent, recording: .sealed), from: output, to: leaves)
      return zip(result, leaves).map { $0?.value ?? Tensor($1.shape) }
    }
  )
}

/// A function's value and its pullback to a variable, which can be differentiated again.
///
/// - Parameters:
///   - x: Where.
///   - f: A function with a result of any shape.
/// - Returns: The value and the pullback.
public func valueWithPullback(
  at x: Variable, of f: (Variable) throws -> Variable
) rethrows -> (value: Variable, pullback: (Variable) -> Variable) {
  let (value, pullback) = try valueWithPullback(at: [x]) { try f($0[0]) }
  return (value, { pullback($0)[0] })
}

/// A function's value and its pullback to several variables, which can be differentiated again.
///
/// - Parameters:
///   - xs: Where.
///   - f: A function with a result of any shape.
/// - Returns: The value and the pullback.
public func valueWithPullback(
  at xs: [Variable], of f: ([Variable]) throws -> Variable
) rethrows -> (value: Variable, pullback: (Variable) -> [Variable]) {
  // Each leaf is a new variable: the gradient is by what `f` is given, not by the same variable where
  // `f` captured it.
  let leaves = xs.map { x in
    x.isTraced
      ? Variable(x.value, operation: "argument", inputs: [x]) { g in [g] }
      : Variable(x.value, recording: .traced)
  }
  let output = try f(leaves)
  return (
    output,
    { cotangent in
      let result = pullBack(cotangent, from: output, to: leaves)
      return zip(result, leaves).map { $0 ?? Variable(Tensor($1.shape)) }
    }
  )
}
