import Tensors

/// The power `y = xᵖ`, element by element.
///
/// VJP: `g ↦ p g ⊙ xᵖ⁻¹`; 0 for `p = 0`, also where x is 0, and where `g` is 0.
public func pow(_ x: Variable, _ exponent: Float) -> Variable {
  Variable(x.value.power(exponent), operation: "pow", inputs: [x]) { g in
    exponent == 0 ? [nil] : [(g * pow(x, exponent - 1)).cut(where: g) * exponent]
  }
}

/// The power `y = xᵖ` with an exponent an element; shapes broadcast as in NumPy.
///
/// VJP: `g ↦ (g ⊙ p ⊙ xᵖ⁻¹, g ⊙ y ⊙ ln x)`, each summed over the axes that were stretched.
///
/// - Precondition: `x > 0` where a gradient by the exponent is taken.
public func pow(_ x: Variable, _ exponent: Variable) -> Variable {
  Variable(
    Tensor.power(x.value, exponent.value), operation: "pow", inputs: [x, exponent]
  ) { g, y in
    [
      x.isTraced ? (g * exponent * pow(x, exponent - 1)).cut(where: g).summed(to: x.shape) : nil,
      exponent.isTraced ? (g * y * log(x)).summed(to: exponent.shape) : nil,
    ]
  }
}
