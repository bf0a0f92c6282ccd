import Tensors

/// The exponential `y = eˣ`, element by element.
///
/// VJP: `g ↦ g ⊙ y`.
public func exp(_ x: Variable) -> Variable {
  Variable(x.value.exponential(), operation: "exp", inputs: [x]) { g, y in [g * y] }
}

/// The natural logarithm `y = ln x`, element by element.
///
/// VJP: `g ↦ g / x`, and 0 where `g` is 0.
public func log(_ x: Variable) -> Variable {
  Variable(x.value.logarithm(), operation: "log", inputs: [x]) { g in [(g / x).cut(where: g)] }
}
