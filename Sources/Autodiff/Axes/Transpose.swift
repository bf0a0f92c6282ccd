import Tensors

extension Variable {
  /// The axes in another order: axis `i` of the result is axis `order[i]` of this variable.
  ///
  /// VJP: `g ↦ g` in the inverse order.
  public func transposed(_ order: [Int]) -> Variable {
    Variable(value.transposed(order), operation: "transpose", inputs: [self]) {
      [$0.transposed(order.inverse)]
    }
  }

  /// The matrices of the last two axes turned over.
  public func transposedMatrices() -> Variable {
    var order = Array(shape.dimensions.indices)
    precondition(order.count >= 2, "transposedMatrices: shape \(shape)")
    order.swapAt(order.count - 1, order.count - 2)
    return transposed(order)
  }
}
