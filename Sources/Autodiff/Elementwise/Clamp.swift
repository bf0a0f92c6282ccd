import Tensors

extension Variable {
  /// Every element held within a range: `y = min(max(x, lower), upper)`.
  ///
  /// VJP: `g ↦ g ⊙ [lower ≤ x ≤ upper]`, as in PyTorch.
  public func clamped(to range: ClosedRange<Float>) -> Variable {
    let (low, high) = (range.lowerBound, range.upperBound)
    return Variable(
      value.map { $0 < low ? low : $0 > high ? high : $0 }, operation: "clamp", inputs: [self]
    ) { [value] g in
      [g * Variable(value.map { $0 >= low && $0 <= high ? 1 : 0 })]
    }
  }
}
