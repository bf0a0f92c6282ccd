import Tensors

/// Rectified linear unit: `y = max(x, 0)`, element by element.
///
/// VJP: `g ↦ g ⊙ [x > 0]`. The subgradient at 0 is 0, as in PyTorch.
public func relu(_ x: Variable) -> Variable {
  Variable(x.value.map { $0 > 0 ? $0 : 0 }, operation: "relu", inputs: [x]) { g in
    [g * Variable(x.value.map { $0 > 0 ? 1 : 0 })]
  }
}
