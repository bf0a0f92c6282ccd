public import Tensors

extension Variable {
  /// The sum over some axes; over all of them if none are named.
  ///
  /// VJP: `g ↦ g` stretched along the axes.
  ///
  /// - Parameters:
  ///   - axes: The axes to sum over; negative ones count from the last.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: A variable of the axes that are left.
  public func sum(alongAxes axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let (kept, left) = shape.reduced(alongAxes: axes)
    return summed(to: kept).reshaped(to: keepingAxes ? kept : left)
  }

  /// The mean over some axes; over all of them if none are named.
  ///
  /// - Parameters:
  ///   - axes: The axes to average over; negative ones count from the last.
  ///   - keepingAxes: Whether they stay, with extent 1.
  /// - Returns: A variable of the axes that are left.
  public func mean(alongAxes axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let result = sum(alongAxes: axes, keepingAxes: keepingAxes)
    return result * (Float(result.value.count) / Float(value.count))
  }

  /// The sum over the axes that broadcasting to this shape would stretch: the adjoint of broadcasting.
  ///
  /// VJP: `g ↦ g` broadcast.
  public func summed(to target: Shape) -> Variable {
    if target == shape { return self }
    let shape = shape
    return Variable(value.summed(to: target), operation: "sum", inputs: [self]) { g in
      [g.broadcast(to: shape)]
    }
  }

  /// The variable stretched to a larger shape by NumPy's rule.
  ///
  /// VJP: `g ↦ g` summed over the axes that were stretched.
  public func broadcast(to target: Shape) -> Variable {
    if target == shape { return self }
    let shape = shape
    return Variable(value.broadcast(to: target), operation: "broadcast", inputs: [self]) { g in
      [g.summed(to: shape)]
    }
  }
}

extension Shape {
  /// The shapes after a reduction: with the reduced axes kept as 1, and without them.
  func reduced(alongAxes axes: [Int]?) -> (kept: Shape, left: Shape) {
    let axes = Set((axes ?? Array(dimensions.indices)).map(normalized(axis:)))
    let pairs = dimensions.enumerated()
    return (
      Shape(pairs.map { axes.contains($0) ? 1 : $1 }),
      Shape(pairs.filter { !axes.contains($0.offset) }.map(\.element))
    )
  }
}
