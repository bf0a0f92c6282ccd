import Tensors

/// The absolute value `y = |x|`, element by element.
///
/// VJP: `g ↦ g ⊙ sign x`. The subgradient at 0 is 0, as in PyTorch.
public func abs(_ x: Variable) -> Variable {
  Variable(x.value.absolute(), operation: "abs", inputs: [x]) { g in
    [g * Variable(x.value.sign())]
  }
}
