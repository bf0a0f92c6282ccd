import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Operators that go by the order of scalars along an axis.
  static let ordering: [Operator] = [
    Operator("ArgMax", .index, makes: .integer) { try best($0) { $0 > $1 } },
    Operator("ArgMin", .index, makes: .integer) { try best($0) { $0 < $1 } },
    Operator(
      "TopK", .selection, channels: .kept, makes: .outputs([.like(0), .integer]), top
    ).choosingByValue(),
    Operator("CumSum", .average, channels: .kept) { try cumulated($0, false) },
    Operator("CumProd", .reduction, channels: .kept) { try cumulated($0, true) },
  ]

  /// The indices along an axis, in rows of the last; no gradient passes.
  private static func best(
    _ call: TapeCall, _ isBetter: (Float, Float) -> Bool
  ) throws -> Variable {
    let x = try call.input(0)
    let axis = try call.axis(call.node.int("axis", default: 0), rank: x.shape.rank)
    try call.require(x.shape[axis] > 0, "an empty axis")
    let takesLast = call.node.int("select_last_index", default: 0) != 0
    let indices = x.detached.withAxisLast(axis) { x in
      let length = x.shape[-1]
      let shape = Shape(x.shape.dimensions.dropLast() + [1])
      return byRows(x, length: length, shape: shape, width: 1) { x, y in
        var best = 0
        for i in x.indices.dropFirst()
        where isBetter(x[i], x[best]) || (takesLast && x[i] == x[best]) { best = i }
        y[0] = Float(best)
      } backward: { _, _, _, result in
        result.initialize(repeating: 0)
      }
    }
    guard call.node.int("keepdims", default: 1) == 0 else { return indices }
    var shape = indices.shape
    shape.dimensions.remove(at: axis)
    return indices.reshaped(to: shape)
  }

  /// The largest or smallest along an axis, in order; their indices are the second output.
  private static func top(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let axis = try call.axis(call.node.int("axis", default: -1), rank: x.shape.rank)
    let count = try call.constant(1)?.integers.first ?? call.node.int("k", default: 0)
    try call.require((0...x.shape[axis]).contains(count), "\(count) of \(x.shape)")
    let sign: Float = call.node.int("largest", default: 1) != 0 ? -1 : 1
    return x.withAxisLast(axis) { x in
      let (length, all) = (x.shape[-1], x.value.scalars)
      let shape = Shape(x.shape.dimensions.dropLast() + [count])
      var places: [Int] = []
      for start in stride(from: 0, to: count > 0 ? all.count : 0, by: max(1, length)) {
        let row = start..<start + length
        places += row.sorted { (sign * all[$0], $0) < (sign * all[$1], $1) }.prefix(count)
      }
      if call.output == 0 { return x.picked(places, shape: shape) }
      return Variable(Tensor(shape, places.map { Float($0 % length) }))
    }
  }

  /// Sums or products of all scalars up to each, along an axis.
  private static func cumulated(_ call: TapeCall, _ isProduct: Bool) throws -> Variable {
    let x = try call.input(0)
    let axis = try call.axis(try call.constant(1)?.integers.first ?? 0, rank: x.shape.rank)
    let exclusive = call.node.int("exclusive", default: 0) != 0
    let reverse = call.node.int("reverse", default: 0) != 0
    let length = x.shape[axis]
    let order = reverse ? Array((0..<length).reversed()) : Array(0..<length)
    return x.withAxisLast(axis) { x in
      byRows(x, length: length, shape: x.shape, width: length) { x, y in
        var sum: Float = isProduct ? 1 : 0
        for i in order {
          if exclusive { y[i] = sum }
          sum = isProduct ? sum * x[i] : sum + x[i]
          if !exclusive { y[i] = sum }
        }
      } backward: { x, _, g, result in
        for (place, i) in order.enumerated() {
          // The slope of every later result by this scalar: 1, or the product of the other factors.
          var slope: Float = isProduct ? order[..<place].reduce(1) { $0 * x[$1] } : 1
          var sum: Float = exclusive ? 0 : slope * g[i]
          for later in order[(place + 1)...] {
            if exclusive { sum += slope * g[later] }
            if isProduct { slope *= x[later] }
            if !exclusive { sum += slope * g[later] }
          }
          result[i] = sum
        }
      }
    }
  }
}
