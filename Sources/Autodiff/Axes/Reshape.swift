public import Tensors

extension Variable {
  /// The same scalars under another shape.
  ///
  /// VJP: `g ↦ g` under the shape of before.
  public func reshaped(to target: Shape) -> Variable {
    if target == shape { return self }
    let shape = shape
    return Variable(value.reshaped(target), operation: "reshape", inputs: [self]) { g in
      [g.reshaped(to: shape)]
    }
  }
}
