/// The Euclidean norm of all elements, `√(ε + Σ x²)`: a scalar.
///
/// VJP: `g ↦ g x / y`; at 0 it is not finite unless `epsilon` is positive.
public func norm(_ x: Variable, epsilon: Float = 0) -> Variable {
  sqrt(dot(x, x) + epsilon)
}
