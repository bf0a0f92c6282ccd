import Tensors

extension Variable {
  /// The quotient `a / b`, element by element; shapes broadcast as in NumPy.
  ///
  /// VJP: `g ↦ (g / b, −g ⊙ (a / b) / b)`, each summed over the axes that were stretched; 0 where `g` is 0, also at b = 0.
  public static func / (a: Variable, b: Variable) -> Variable {
    Variable(a.value / b.value, operation: "divide", inputs: [a, b]) { g, quotient in
      [
        a.isTraced ? (g / b).cut(where: g).summed(to: a.shape) : nil,
        b.isTraced ? -(g * quotient / b).cut(where: g).summed(to: b.shape) : nil,
      ]
    }
  }

  /// Every element divided by a scalar.
  ///
  /// VJP: `g ↦ g / b`.
  public static func / (a: Variable, b: Float) -> Variable {
    Variable(a.value / b, operation: "divide by scalar", inputs: [a]) { g in [g / b] }
  }

  /// A scalar divided by every element.
  ///
  /// VJP: `g ↦ −g ⊙ y / b`, `y` the quotient; 0 where `g` is 0.
  public static func / (a: Float, b: Variable) -> Variable {
    Variable(a / b.value, operation: "divide scalar", inputs: [b]) { g, y in
      [-(g * y / b).cut(where: g)]
    }
  }
}
