import Contracts

extension Shape {
  /// The shape of an element-by-element combination with another, by NumPy's rule.
  ///
  /// Shapes are aligned at their last axes; an extent of 1 stretches to the other's.
  ///
  /// - Precondition: Extents that face each other are equal, or one of them is 1.
  public func broadcast(with other: Shape) -> Shape {
    if self == other { return self }
    let rank = Swift.max(self.rank, other.rank)
    var result = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
      let mine = axis < rank - self.rank ? 1 : dimensions[axis - rank + self.rank]
      let theirs = axis < rank - other.rank ? 1 : other.dimensions[axis - rank + other.rank]
      precondition(
        mine == theirs || mine == 1 || theirs == 1,
        "broadcast: shapes \(self) and \(other) do not fit at axis \(axis - rank)")
      result[axis] = mine == 1 ? theirs : mine
    }
    return Shape(result)
  }

  /// The strides of a tensor of this shape read as if it had the shape `target`: 0 along stretched axes.
  ///
  /// - Precondition: This shape broadcasts to `target`.
  package func strides(broadcastTo target: Shape) -> [Int] {
    precondition(
      rank <= target.rank
        && zip(dimensions.reversed(), target.dimensions.reversed()).allSatisfy {
          $0 == $1 || $0 == 1
        },
      "broadcast: shape \(self) does not stretch to \(target)")
    var result = [Int](repeating: 0, count: target.rank)
    let own = strides
    for axis in 0..<rank where dimensions[axis] != 1 {
      result[axis + target.rank - rank] = own[axis]
    }
    return result
  }

  /// An axis counted from the first; a negative one counts from the last.
  ///
  /// - Precondition: The axis exists.
  package func normalized(axis: Int) -> Int {
    let result = axis < 0 ? axis + rank : axis
    precondition(dimensions.indices.contains(result), "axis \(axis) of shape \(self)")
    return result
  }
}

/// Two operands walked together over one index space, row by row.
///
/// Neighbouring axes that both operands cross at an even stride are merged first, so that rows are as
/// long as they can be.
package struct RowWalk: Sequence {
  /// The number of steps in a row.
  package private(set) var rowLength = 1

  /// The distance between steps of a row in the first and in the second operand.
  package private(set) var rowStrides = (0, 0)

  private var extents: [Int] = []
  private var strides: [(Int, Int)] = []

  /// Plans a walk over `shape` with one stride per axis for each operand.
  package init(over shape: Shape, _ first: [Int], _ second: [Int]) {
    for axis in shape.dimensions.indices where shape.dimensions[axis] != 1 {
      let extent = shape.dimensions[axis]
      let stride = (first[axis], second[axis])
      if let (a, b) = strides.last, a == stride.0 * extent, b == stride.1 * extent {
        extents[extents.count - 1] *= extent
        strides[strides.count - 1] = stride
      } else {
        extents.append(extent)
        strides.append(stride)
      }
    }
    if let length = extents.popLast(), let stride = strides.popLast() {
      rowLength = length
      rowStrides = stride
    }
  }

  /// How many rows there are.
  package var rowCount: Int { extents.reduce(1, *) }

  /// The rows in order.
  package func makeIterator() -> Rows { rows(from: 0) }

  /// The rows in order from one on.
  package func rows(from first: Int) -> Rows {
    Rows(extents: extents, strides: strides, isEmpty: rowLength == 0, from: first)
  }

  /// Offsets of the first step of each row in both operands.
  package struct Rows: IteratorProtocol {
    private let extents: [Int]
    private let strides: [(Int, Int)]
    private var index: [Int]
    private var offsets: (Int, Int)?

    fileprivate init(extents: [Int], strides: [(Int, Int)], isEmpty: Bool, from first: Int) {
      self.extents = extents
      self.strides = strides
      index = [Int](repeating: 0, count: extents.count)
      guard !isEmpty, !extents.contains(0) else { return }
      var (left, start) = (first, (0, 0))
      for axis in extents.indices.reversed() {
        index[axis] = left % extents[axis]
        left /= extents[axis]
        start.0 += index[axis] * strides[axis].0
        start.1 += index[axis] * strides[axis].1
      }
      offsets = start
    }

    package mutating func next() -> (first: Int, second: Int)? {
      guard let result = offsets else { return nil }
      var (first, second) = result
      var axis = extents.count - 1
      while axis >= 0 {
        index[axis] += 1
        first += strides[axis].0
        second += strides[axis].1
        if index[axis] < extents[axis] { break }
        first -= strides[axis].0 * extents[axis]
        second -= strides[axis].1 * extents[axis]
        index[axis] = 0
        axis -= 1
      }
      offsets = axis < 0 ? nil : (first, second)
      return result
    }
  }
}
