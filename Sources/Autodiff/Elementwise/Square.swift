import Tensors

/// The square `y = x²`, element by element.
///
/// VJP: `g ↦ 2 g ⊙ x`.
public func square(_ x: Variable) -> Variable {
  Variable(x.value.map { $0 * $0 }, operation: "square", inputs: [x]) { g in [g * x * 2] }
}

/// The square root `y = √x`, element by element.
///
/// VJP: `g ↦ g / 2y`, infinite at 0, but 0 where `g` is 0.
public func sqrt(_ x: Variable) -> Variable {
  Variable(x.value.squareRoot(), operation: "sqrt", inputs: [x]) { g, y in
    [(g / y).cut(where: g) * 0.5]
  }
}
