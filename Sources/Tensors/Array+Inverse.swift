extension [Int] {
  /// Of an order of axes, the one that undoes it: `transposed(order).transposed(order.inverse)` is what was there.
  package var inverse: [Int] {
    var inverse = self
    for (place, axis) in enumerated() { inverse[axis] = place }
    return inverse
  }
}
