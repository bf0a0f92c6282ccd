import Tensors

/// A sparse linear map of an axis: every element of the result is a weighted sum of a few.
public struct AxisMap: Sendable {
  /// One summand of an element of the result.
  public struct Tap: Sendable {
    /// The element read.
    public var index: Int
    /// Its factor.
    public var weight: Float

    /// Creates a tap.
    public init(_ index: Int, _ weight: Float) {
      self.index = index
      self.weight = weight
    }
  }

  /// The extent of the axis before.
  public let inputCount: Int
  /// The taps of every element of the result.
  public let rows: [[Tap]]

  /// Creates a map.
  ///
  /// - Precondition: Every tap's index lies within the axis.
  public init(inputCount: Int, rows: [[Tap]]) {
    precondition(
      rows.allSatisfy { $0.allSatisfy { (0..<inputCount).contains($0.index) } },
      "AxisMap: a tap beyond an axis of \(inputCount)")
    self.inputCount = inputCount
    self.rows = rows
  }

  /// The adjoint.
  public var transposed: AxisMap {
    var columns = [[Tap]](repeating: [], count: inputCount)
    for (i, row) in rows.enumerated() {
      for tap in row { columns[tap.index].append(Tap(i, tap.weight)) }
    }
    return AxisMap(inputCount: rows.count, rows: columns)
  }
}

extension Variable {
  /// The variable with a linear map applied along an axis.
  ///
  /// VJP: `g ↦` the adjoint map of `g`.
  ///
  /// - Parameters:
  ///   - map: The map.
  ///   - axis: The axis, of extent `map.inputCount`; a negative one counts from the last.
  /// - Returns: The shape with the extent `map.rows.count` along the axis.
  public func mapped(_ map: AxisMap, alongAxis axis: Int) -> Variable {
    let axis = shape.normalized(axis: axis)
    precondition(shape[axis] == map.inputCount, "mapped: axis \(axis) of \(shape)")
    let outer = shape.dimensions[..<axis].reduce(1, *)
    let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    var target = shape
    target[axis] = map.rows.count
    let value = Tensor(target) { result in
      result.initialize(repeating: 0)
      self.value.withUnsafeBufferPointer { x in
        for block in 0..<outer {
          for (i, row) in map.rows.enumerated() {
            let to = (block * map.rows.count + i) * inner
            for tap in row {
              let from = (block * map.inputCount + tap.index) * inner
              for k in 0..<inner { result[to + k] += tap.weight * x[from + k] }
            }
          }
        }
      }
    }
    return Variable(value, operation: "map axis", inputs: [self]) { g in
      [g.mapped(map.transposed, alongAxis: axis)]
    }
  }
}
