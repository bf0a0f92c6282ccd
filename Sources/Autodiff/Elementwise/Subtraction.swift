import Tensors

extension Variable {
  /// The difference `a − b`, element by element; shapes broadcast as in NumPy.
  ///
  /// VJP: `g ↦ (g, −g)`, each summed over the axes that were stretched.
  public static func - (a: Variable, b: Variable) -> Variable {
    let (p, q) = (a.shape, b.shape)
    return Variable(a.value - b.value, operation: "subtract", inputs: [a, b]) { g in
      [a.isTraced ? g.summed(to: p) : nil, b.isTraced ? -g.summed(to: q) : nil]
    }
  }

  /// Every element less a scalar.
  public static func - (a: Variable, b: Float) -> Variable { a + -b }

  /// A scalar less every element.
  ///
  /// VJP: `g ↦ −g`.
  public static func - (a: Float, b: Variable) -> Variable {
    Variable(a - b.value, operation: "subtract from scalar", inputs: [b]) { g in [-g] }
  }

  /// Every element with its sign changed.
  ///
  /// VJP: `g ↦ −g`.
  public static prefix func - (a: Variable) -> Variable {
    Variable(-a.value, operation: "negate", inputs: [a]) { g in [-g] }
  }
}
