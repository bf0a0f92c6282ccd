import Tensors

/// The sum of the products of elements at the same place: a scalar.
///
/// VJP: `g ↦ (g b, g a)`.
///
/// - Precondition: The shapes are equal.
public func dot(_ a: Variable, _ b: Variable) -> Variable {
  precondition(a.shape == b.shape, "dot: shapes \(a.shape) and \(b.shape)")
  return Variable(Tensor(Tensor.dot(a.value, b.value)), operation: "dot", inputs: [a, b]) { g in
    [a.isTraced ? g * b : nil, b.isTraced ? g * a : nil]
  }
}
