extension Array {
  /// The element at a position, or `nil` beyond the end.
  package subscript(checked position: Int) -> Element? {
    indices.contains(position) ? self[position] : nil
  }
}

extension Shape {
  /// The extent along an axis, or `nil` beyond the last.
  package subscript(checked axis: Int) -> Int? { dimensions[checked: axis] }
}
