import Tensors

extension Variable {
  /// The slices at some indices of one axis, in their order; an index may come more than once.
  ///
  /// VJP: `g ↦` every slice added to the one it came from.
  public func gathered(_ indices: [Int], alongAxis axis: Int) -> Variable {
    let extent = shape[axis]
    return Variable(
      value.gathered(indices, alongAxis: axis), operation: "gather", inputs: [self]
    ) { g in [g.scattered(indices, alongAxis: axis, extent: extent)] }
  }

  /// The adjoint of `gathered(_:alongAxis:)`: slice `i` is added to the slice `indices[i]` of zeros.
  ///
  /// VJP: `g ↦` the slices of `g` at the indices.
  ///
  /// - Parameters:
  ///   - indices: Where each slice goes.
  ///   - axis: The axis along which the slices lie.
  ///   - extent: The extent of that axis in the result.
  /// - Returns: A variable of the same rank.
  public func scattered(_ indices: [Int], alongAxis axis: Int, extent: Int) -> Variable {
    Variable(
      value.scattered(indices, alongAxis: axis, extent: extent), operation: "scatter",
      inputs: [self]
    ) { g in [g.gathered(indices, alongAxis: axis)] }
  }
}
