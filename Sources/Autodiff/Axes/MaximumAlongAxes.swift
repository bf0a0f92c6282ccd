import Tensors

extension Variable {
  /// The largest elements over some axes; over all of them if none are named.
  ///
  /// VJP: `g` to the largest, in equal parts where several are equal, as PyTorch's `amax`.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce; negative ones count from the last.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: A variable of the axes that are left.
  public func maximum(alongAxes axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let largest = value.maximum(alongAxes: axes ?? Array(shape.dimensions.indices))
    let result = Variable(largest, operation: "maximum", inputs: [self]) { [value] g in
      let ties = Tensor.equal(value, largest)
      return [g * Variable(ties / ties.summed(to: largest.shape))]
    }
    return keepingAxes ? result : result.reshaped(to: shape.reduced(alongAxes: axes).left)
  }
}
