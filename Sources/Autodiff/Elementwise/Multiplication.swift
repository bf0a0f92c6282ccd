import Tensors

extension Variable {
  /// The product `a ⊙ b`, element by element; shapes broadcast as in NumPy.
  ///
  /// VJP: `g ↦ (g ⊙ b, g ⊙ a)`, each summed over the axes that were stretched.
  public static func * (a: Variable, b: Variable) -> Variable {
    Variable(a.value * b.value, operation: "multiply", inputs: [a, b]) { g in
      [
        a.isTraced ? (g * b).summed(to: a.shape) : nil,
        b.isTraced ? (g * a).summed(to: b.shape) : nil,
      ]
    }
  }

  /// The product of every element and a scalar.
  ///
  /// VJP: `g ↦ b g`.
  public static func * (a: Variable, b: Float) -> Variable {
    Variable(a.value * b, operation: "multiply by scalar", inputs: [a]) { g in [g * b] }
  }

  /// The product of a scalar and every element.
  public static func * (a: Float, b: Variable) -> Variable { b * a }
}
