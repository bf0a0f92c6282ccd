import Tensors

extension Variable {
  /// A larger variable with this one in its middle and a constant around it.
  ///
  /// VJP: `g ↦` the middle of `g`.
  ///
  /// - Parameters:
  ///   - before: How many elements to add in front of the first, one count per axis.
  ///   - after: How many elements to add behind the last, one count per axis.
  ///   - constant: What to fill them with.
  /// - Returns: A variable of the same rank.
  public func padded(before: [Int], after: [Int], with constant: Float = 0) -> Variable {
    let ranges = zip(before, shape.dimensions).map { $0..<$0 + $1 }
    return Variable(
      value.padded(before: before, after: after, with: constant), operation: "pad", inputs: [self]
    ) { g in [g.sliced(ranges)] }
  }

  /// A longer variable whose added elements mirror those behind the edge, which itself is not repeated.
  ///
  /// VJP: `g ↦` every cotangent added to the element that was copied.
  ///
  /// - Parameters:
  ///   - axis: The axis to lengthen.
  ///   - before: How many elements to add in front of the first; less than the extent.
  ///   - after: How many elements to add behind the last; less than the extent.
  /// - Returns: A variable of the same rank.
  public func reflectionPadded(alongAxis axis: Int, before: Int, after: Int) -> Variable {
    let extent = shape[axis]
    precondition(
      before < extent && after < extent && before >= 0 && after >= 0,
      "reflectionPadded: \(before) and \(after) elements for an extent of \(extent)")
    let indices = (-before..<extent + after).map { i in
      i < 0 ? -i : i >= extent ? 2 * (extent - 1) - i : i
    }
    return gathered(indices, alongAxis: axis)
  }
}
