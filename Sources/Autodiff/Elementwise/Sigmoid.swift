import Tensors

/// The logistic function `y = 1 / (1 + e⁻ˣ)`, element by element.
///
/// VJP: `g ↦ g ⊙ y ⊙ (1 − y)`, in one pass.
public func sigmoid(_ x: Variable) -> Variable {
  Variable(x.value.sigmoid(), operation: "sigmoid", inputs: [x]) { g, y in
    [sigmoidCotangent(g, y)]
  }
}

/// `g ⊙ y ⊙ (1 − y)`, itself differentiable.
private func sigmoidCotangent(_ g: Variable, _ y: Variable) -> Variable {
  let value = Tensor(y.shape) { out in
    g.value.withUnsafeBufferPointer { g in
      y.value.withUnsafeBufferPointer { y in
        ThreadPool.shareElements(out.count) { range in
          for i in range { out[i] = g[i] * y[i] * (1 - y[i]) }
        }
      }
    }
  }
  return Variable(value, operation: "sigmoid cotangent", inputs: [g, y]) { h in
    [sigmoidCotangent(h, y), h * g * (1 - 2 * y)]
  }
}
