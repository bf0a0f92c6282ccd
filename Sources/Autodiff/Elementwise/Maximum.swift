import Tensors

/// The larger of two, element by element; shapes broadcast as in NumPy.
///
/// VJP: `g` to the larger, to the first where they are equal.
public func max(_ a: Variable, _ b: Variable) -> Variable {
  let value = Tensor.maximum(a.value, b.value)
  return Variable(value, operation: "max", inputs: [a, b]) { g in
    let first = Variable(Tensor.equal(a.value, value))
    return [(g * first).summed(to: a.shape), (g * (1 - first)).summed(to: b.shape)]
  }
}
