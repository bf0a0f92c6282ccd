import Tensors

extension Variable {
  /// The logarithm of the sum of exponentials, `y = ln Σ eˣ`, without overflow.
  ///
  /// VJP: `g ↦ g ⊙ eˣ⁻ʸ`.
  ///
  /// - Parameters:
  ///   - axis: The axis to sum over; negative ones count from the last.
  ///   - keepingAxis: Whether it stays, with extent 1.
  /// - Returns: A variable of the axes that are left.
  public func logSumExp(alongAxis axis: Int = -1, keepingAxis: Bool = false) -> Variable {
    let largest = Variable(value.maximum(alongAxes: [axis]))
    let result = log(exp(self - largest).sum(alongAxes: [axis], keepingAxes: true)) + largest
    return keepingAxis ? result : result.reshaped(to: shape.reduced(alongAxes: [axis]).left)
  }

  /// The logarithm of softmax, `x − ln Σ eˣ`.
  public func logSoftmax(alongAxis axis: Int = -1) -> Variable {
    self - logSumExp(alongAxis: axis, keepingAxis: true)
  }

  /// Softmax: `eˣ / Σ eˣ`, without overflow.
  public func softmax(alongAxis axis: Int = -1) -> Variable {
    exp(logSoftmax(alongAxis: axis))
  }
}
