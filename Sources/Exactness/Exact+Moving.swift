import Tensors

extension Exact {
  /// Elements of some values, moved, chosen or repeated, by their places among those of all sources, one behind the
  /// other; −1 stands for none, and the filling there.
  static func gathered(
    _ sources: [Exact], _ places: [Int32], shape: Shape, filling: Double = 0
  ) -> Exact {
    let all = sources.count == 1 ? sources[0].scalars : sources.flatMap(\.scalars)
    let values = filled(places.count) { places[$0] < 0 ? filling : all[Int(places[$0])] }
    var start = 0
    let parts = sources.map { source -> (Exact, Way.Pullback) in
      let (first, count) = (start, source.scalars.count)
      start += count
      return (
        source,
        { g in
          var sums = [Double](repeating: 0, count: count)
          sums.withUnsafeMutableBufferPointer { sums in
            for (i, place) in places.enumerated() {
              let own = Int(place) - first
              if own >= 0, own < count { sums[own] += g[i] }
            }
          }
          return sums
        }
      )
    }
    return Exact(shape, values, from: parts)
  }

  /// The same elements of each of so many rows, by their places in it; −1 stands for none, and the filling there.
  func gatheredInRows(
    _ rows: Int, _ places: [Int32], shape: Shape, filling: Double = 0
  ) -> Exact {
    let (x, length, width) = (scalars, rows == 0 ? 0 : scalars.count / rows, places.count)
    let values = byRows(rows, width: width) { row, y in
      for i in 0..<width {
        y[i] = places[i] < 0 ? filling : x[row * length + Int(places[i])]
      }
    }
    return Exact(
      shape, values,
      from: [
        (
          self,
          { g in
            byRows(rows, width: length) { row, sums in
              for i in 0..<width where places[i] >= 0 { sums[Int(places[i])] += g[row * width + i] }
            }
          }
        )
      ])
  }

  /// The way back of `gatheredInRows`: elements added up where its places say.
  func scatteredInRows(_ rows: Int, _ places: [Int32], length: Int, shape: Shape) -> Exact {
    let (x, width) = (scalars, places.count)
    let values = byRows(rows, width: length) { row, sums in
      for i in 0..<width where places[i] >= 0 { sums[Int(places[i])] += x[row * width + i] }
    }
    return Exact(
      shape, values,
      from: [
        (
          self,
          { g in
            byRows(rows, width: width) { row, y in
              for i in 0..<width where places[i] >= 0 { y[i] = g[row * length + Int(places[i])] }
            }
          }
        )
      ])
  }

  /// Axis i of the result is axis `order[i]`.
  func transposed(_ order: [Int]) -> Exact {
    if order == Array(0..<shape.rank) { return self }
    let strides = shape.strides
    let result = Shape(order.map { shape[$0] })
    return Self.gathered([self], result.places(strides: order.map { strides[$0] }), shape: result)
  }

  /// The last two axes exchanged.
  var turned: Exact {
    transposed(Array(0..<shape.rank - 2) + [shape.rank - 1, shape.rank - 2])
  }

  /// A function of the last axis on another.
  func withAxisLast(_ axis: Int, _ body: (Exact) throws -> Exact) rethrows -> Exact {
    let order = (0..<shape.rank).filter { $0 != axis } + [axis]
    var back = order
    for (place, axis) in order.enumerated() { back[axis] = place }
    return try body(transposed(order)).transposed(back)
  }

  /// The same stretched to a shape.
  func broadcast(to target: Shape) -> Exact {
    if shape == target { return self }
    let places = target.places(strides: shape.strides(broadcastTo: target))
    return Self.gathered([self], places, shape: target)
  }

  /// Values one behind the other along an axis.
  static func joined(_ parts: [Exact], axis: Int) -> Exact {
    let moved = parts.map { part in
      part.transposed([axis] + (0..<part.shape.rank).filter { $0 != axis })
    }
    var shape = moved[0].shape
    shape[0] = moved.reduce(0) { $0 + $1.shape[0] }
    let rows = gathered(moved, (0..<shape.count).map { Int32($0) }, shape: shape)
    // Axis `axis` is the first; those before it follow.
    return rows.transposed((0..<shape.rank).map { $0 < axis ? $0 + 1 : $0 == axis ? 0 : $0 })
  }

  /// A range of an axis.
  func sliced(_ range: Range<Int>, axis: Int) -> Exact {
    var target = shape
    target[axis] = range.count
    let strides = shape.strides
    return Self.gathered(
      [self], target.places(strides: strides, from: range.lowerBound * strides[axis]),
      shape: target)
  }
}

/// Rows of scalars, each by itself, on all threads; they begin as zeros.
func byRows(
  _ rows: Int, width: Int, _ body: (_ row: Int, UnsafeMutablePointer<Double>) -> Void
) -> [Double] {
  [Double](unsafeUninitializedCapacity: max(1, rows * width)) { buffer, initialized in
    buffer.initialize(repeating: 0)
    initialized = rows * width
    guard let start = buffer.baseAddress else { return }
    ThreadPool.shareElements(rows, worth: max(1, width)) { range in
      for row in range { body(row, start + row * width) }
    }
  }
}
