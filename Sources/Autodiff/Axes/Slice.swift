import Tensors

extension Variable {
  /// The part within one range per axis.
  ///
  /// VJP: `g ↦ g` with zeros around it.
  public func sliced(_ ranges: [Range<Int>]) -> Variable {
    let shape = shape
    return Variable(value.sliced(ranges), operation: "slice", inputs: [self]) { g in
      [
        g.padded(
          before: ranges.map(\.lowerBound),
          after: zip(ranges, shape.dimensions).map { $1 - $0.upperBound })
      ]
    }
  }

  /// The part within a range of one axis.
  public func sliced(_ range: Range<Int>, alongAxis axis: Int) -> Variable {
    var ranges = shape.dimensions.map { 0..<$0 }
    ranges[shape.normalized(axis: axis)] = range
    return sliced(ranges)
  }
}
