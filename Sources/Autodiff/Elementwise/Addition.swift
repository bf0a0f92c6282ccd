import Tensors

extension Variable {
  /// The sum `a + b`, element by element; shapes broadcast as in NumPy.
  ///
  /// VJP: `g ↦ (g, g)`, each summed over the axes that were stretched.
  public static func + (a: Variable, b: Variable) -> Variable {
    let (p, q) = (a.shape, b.shape)
    return Variable(a.value + b.value, operation: "add", inputs: [a, b]) { g in
      [a.isTraced ? g.summed(to: p) : nil, b.isTraced ? g.summed(to: q) : nil]
    }
  }

  /// The sum of every element and a scalar.
  ///
  /// VJP: `g ↦ g`.
  public static func + (a: Variable, b: Float) -> Variable {
    Variable(a.value + b, operation: "add scalar", inputs: [a]) { g in [g] }
  }

  /// The sum of a scalar and every element.
  public static func + (a: Float, b: Variable) -> Variable { b + a }

  /// Adds to a variable; the variable of before stays what it was.
  public static func += (a: inout Variable, b: Variable) { a = a + b }
}
