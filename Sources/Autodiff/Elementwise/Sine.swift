import Tensors

/// The sine of angles in radians, element by element.
///
/// VJP: `g ↦ g ⊙ cos x`.
public func sin(_ x: Variable) -> Variable {
  Variable(x.value.sine(), operation: "sin", inputs: [x]) { g in [g * cos(x)] }
}

/// The cosine of angles in radians, element by element.
///
/// VJP: `g ↦ −g ⊙ sin x`.
public func cos(_ x: Variable) -> Variable {
  Variable(x.value.cosine(), operation: "cos", inputs: [x]) { g in [-(g * sin(x))] }
}
