import Graphs
import Tensors

extension ExactOperator {
  /// Operators that choose elements by their values: the result is a copy of what was chosen.
  static let choosing: [ExactOperator] = [
    largest("Max") { $0 > $1 },
    largest("Min") { $0 < $1 },
    reduced("ReduceMax") { $0 > $1 },
    reduced("ReduceMin") { $0 < $1 },
    place("ArgMax") { $0 > $1 },
    place("ArgMin") { $0 < $1 },
    ExactOperator("Hardmax", decides: .inputs) { call in
      let own = try call.input(0)
      // Before operator set 13, the row goes on over all axes behind.
      let isOld = call.node.opset < 13
      var axis = call.axis(
        call.node.int("axis", default: isOld ? 1 : -1), rank: own.shape.rank)
      let length = own.shape.dimensions[(isOld ? axis : own.shape.rank)...].reduce(1, *)
      let x = isOld ? own.reshaped([own.scalars.count / max(1, length), length]) : own
      if isOld { axis = 1 }
      let places = call.choose([0]) { values in
        Exact(x.shape, values[0]).withAxisLastPlaces(axis) { row in
          [best(Array(row), 0..<row.count) { $0 > $1 }]
        }
      }
      return x.detached.withAxisLast(axis) { x in
        let length = max(1, x.shape[-1])
        return Exact(
          x.shape, x.scalars.indices.map { Int(places[$0 / length]) == $0 % length ? 1 : 0 })
      }.reshaped(own.shape)
    },
    ExactOperator("TopK", decides: .inputs) { call in
      let x = try call.input(0)
      let axis = call.axis(call.node.int("axis", default: -1), rank: x.shape.rank)
      let count = call.optional(1)?.scalars.first.map { Int($0) } ?? call.node.int("k", default: 0)
      let sign: Double = call.node.int("largest", default: 1) != 0 ? -1 : 1
      let places = call.choose([0]) { values in
        Exact(x.shape, values[0]).withAxisLastPlaces(axis) { row in
          row.indices.sorted { (sign * row[$0], $0) < (sign * row[$1], $1) }.prefix(count)
            .map { $0 }
        }
      }
      return x.withAxisLast(axis) { x in
        let (length, shape) = (x.shape[-1], Shape(x.shape.dimensions.dropLast() + [count]))
        if call.output == 1 { return Exact(shape, places.map(Double.init)) }
        return .gathered(
          [x], places.enumerated().map { i, place in Int32(i / count * length) + place },
          shape: shape)
      }
    },
  ]

  /// The largest, or smallest, of several inputs.
  private static func largest(
    _ type: String, _ isBetter: @escaping @Sendable (Double, Double) -> Bool
  ) -> ExactOperator {
    ExactOperator(type, decides: .inputs) { call in
      let inputs = try call.inputs()
      let shape = inputs.reduce(inputs[0].shape) { $0.broadcast(with: $1.shape) }
      let places = inputs.map { $0.shape.places(in: shape) }
      let chosen = call.choose(Array(inputs.indices)) { values in
        (0..<shape.count).map { i in
          var best = 0
          for other in values.indices.dropFirst()
          where isBetter(values[other][places[other].map(i)], values[best][places[best].map(i)]) {
            best = other
          }
          return Int32(best)
        }
      }
      return .gathered(
        inputs.map { $0.broadcast(to: shape) },
        chosen.enumerated().map { i, source in Int32(i) + source * Int32(shape.count) },
        shape: shape)
    }
  }

  private static func reduced(
    _ type: String, _ isBetter: @escaping @Sendable (Double, Double) -> Bool
  ) -> ExactOperator {
    ExactOperator(type, decides: .inputs) { call in
      let x = try call.input(0)
      guard let axes = axes(call, rank: x.shape.rank) else { return x }
      let left = (0..<x.shape.rank).filter { !axes.contains($0) }
      let order = left + axes.sorted()
      let turned = x.transposed(order)
      let length = max(1, axes.reduce(1) { $0 * x.shape[$1] })
      let chosen = call.choose([0]) { values in
        let all = Exact(x.shape, values[0]).transposed(order).scalars
        return stride(from: 0, to: all.count, by: length).map { start in
          Int32(best(all, start..<start + length, isBetter))
        }
      }
      let keeping = call.node.int("keepdims", default: 1) != 0
      return .gathered([turned], chosen, shape: x.reduced(axes, keeping: keeping))
    }
  }

  private static func place(
    _ type: String, _ isBetter: @escaping @Sendable (Double, Double) -> Bool
  ) -> ExactOperator {
    ExactOperator(type, decides: .inputs) { call in
      let x = try call.input(0)
      let axis = call.axis(call.node.int("axis", default: 0), rank: x.shape.rank)
      guard call.node.int("select_last_index", default: 0) == 0 else {
        throw call.unknown("which takes the last of equals")
      }
      let places = call.choose([0]) { values in
        Exact(x.shape, values[0]).withAxisLastPlaces(axis) { row in
          [best(Array(row), 0..<row.count, isBetter)]
        }
      }
      let result = x.detached.withAxisLast(axis) { x in
        Exact(Shape(x.shape.dimensions.dropLast() + [1]), places.map(Double.init))
      }
      let keeping = call.node.int("keepdims", default: 1) != 0
      return result.reshaped(x.reduced([axis], keeping: keeping))
    }
  }

  /// The place of the first best of a range.
  static func best(
    _ values: [Double], _ range: Range<Int>, _ isBetter: (Double, Double) -> Bool
  ) -> Int {
    var best = range.lowerBound
    for place in range
    where isBetter(values[place], values[best]) || values[place].isNaN && !values[best].isNaN {
      best = place
    }
    return best
  }
}

extension Exact {
  /// Places in the rows of an axis.
  fileprivate func withAxisLastPlaces(
    _ axis: Int, _ choose: (ArraySlice<Double>) -> [Int]
  ) -> [Int32] {
    let rows = transposed((0..<shape.rank).filter { $0 != axis } + [axis]).scalars
    let length = max(1, shape[axis])
    return stride(from: 0, to: rows.count, by: length).flatMap { start in
      choose(ArraySlice(Array(rows[start..<start + length]))).map { Int32($0) }
    }
  }
}
