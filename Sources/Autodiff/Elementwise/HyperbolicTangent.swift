import Tensors

/// The hyperbolic tangent `y = tanh x`, element by element.
///
/// VJP: `g ↦ g ⊙ (1 − y²)`.
public func tanh(_ x: Variable) -> Variable {
  Variable(x.value.hyperbolicTangent(), operation: "tanh", inputs: [x]) { g, y in
    [g * (1 - square(y))]
  }
}
