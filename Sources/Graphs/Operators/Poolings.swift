import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Pooling over any number of axes.
  static let pooling: [Operator] = [
    Operator(
      "MaxPool", .selection, channels: .first, positions: .pooled,
      makes: .outputs([.like(0), .integer]), maximumPool
    ).choosingByValue(),
    Operator("AveragePool", .average, channels: .first, positions: .pooled) { call in
      let (patches, window, spatial, shape) = try patches(call, filling: 0)
      let countsPadding = call.node.int("count_include_pad", default: 0) != 0
      // One over the number of positions that each window averages, the product over the axes.
      var weights: [Float] = [1]
      for (axis, own) in window.axes.enumerated() {
        let counts = own.reciprocalCounts(
          input: spatial[axis], output: shape[axis + 2], countPadding: countsPadding)
        weights = weights.flatMap { weight in counts.map { weight * $0 } }
      }
      let sums = patches.sum(alongAxes: [-2])
      return (sums * Variable(Tensor([weights.count], weights))).reshaped(to: shape)
    },
    Operator("LpPool", .reduction, channels: .first, positions: .pooled) { call in
      let (patches, _, _, shape) = try patches(call, filling: 0)
      let p = Float(call.node.int("p", default: 2))
      return root(pow(abs(patches), p).sum(alongAxes: [-2]), p).reshaped(to: shape)
    },
    Operator("GlobalLpPool", .reduction, channels: .first) { call in
      let x = try call.input(0)
      let p = Float(call.node.int("p", default: 2))
      let axes = try spatialAxes(call, x)
      return root(pow(abs(x), p).sum(alongAxes: axes, keepingAxes: true), p)
    },
    Operator("GlobalAveragePool", .average, channels: .first) { call in
      let x = try call.input(0)
      return x.mean(alongAxes: try spatialAxes(call, x), keepingAxes: true)
    },
    Operator("GlobalMaxPool", .selection, channels: .first) { call in
      let x = try call.input(0)
      let plane = try spatialAxes(call, x).reduce(1) { $0 * x.shape[$1] }
      let shape = Shape(x.shape.dimensions.enumerated().map { $0.offset < 2 ? $0.element : 1 })
      return x.picked(firstLargest(x.value.scalars, inRowsOf: plane), shape: shape)
    }.choosingByValue(),
  ]

  /// The place of the largest of each row, the first of those that are equal, as a max pool has it.
  private static func firstLargest(_ values: [Float], inRowsOf length: Int) -> [Int] {
    stride(from: 0, to: values.count, by: length).map { start in
      var best = start
      for place in start..<start + length
      where values[place] > values[best] || values[place].isNaN && !values[best].isNaN {
        best = place
      }
      return best
    }
  }

  private static func spatialAxes(_ call: TapeCall, _ x: Variable) throws -> [Int] {
    try call.require(x.shape.rank > 2 && x.shape.count > 0, "an input of \(x.shape)")
    return Array(2..<x.shape.rank)
  }

  /// `x^(1/p)` of numbers that are not negative; the gradient at 0 is 0.
  private static func root(_ x: Variable, _ p: Float) -> Variable {
    let isZero = x.value.map { $0 == 0 ? 1 : 0 }
    let safe = select(isZero, Variable(Tensor(1)), x, x.shape)
    return select(isZero, Variable(Tensor(0)), pow(safe, 1 / p), x.shape)
  }

  /// What the windows see: (N·C, taps, windows).
  private static func patches(
    _ call: TapeCall, filling: Float
  ) throws -> (patches: Variable, window: TapeWindow, spatial: [Int], shape: Shape) {
    let x = try call.input(0)
    let window = try TapeWindow(call)
    let spatial = Array(x.shape.dimensions.dropFirst(2))
    let outputs = try window.outputs(spatial)
    let rows = x.shape[0] * x.shape[1]
    let places = try window.places(spatial, outputs: outputs, rows: rows)
    let patches = x.reshaped(to: [rows, spatial.reduce(1, *)])
      .pickedInRows(places, filling: filling)
      .reshaped(to: [rows, window.count, outputs.reduce(1, *)])
    return (patches, window, spatial, Shape(Array(x.shape.dimensions.prefix(2)) + outputs))
  }

  /// The largest of every window; the second output is its place in the input, which passes no gradient.
  private static func maximumPool(_ call: TapeCall) throws -> Variable {
    let (patches, window, spatial, shape) = try patches(call, filling: -.infinity)
    let plane = spatial.reduce(1, *)
    let (rows, positions) = (patches.shape[0], patches.shape[2])
    let places = try window.places(spatial, outputs: Array(shape.dimensions.dropFirst(2)), rows: 1)
    let values = patches.value.scalars
    let winners = (0..<rows * positions).map { place -> Int in
      let (row, position) = place.quotientAndRemainder(dividingBy: positions)
      let first = row * window.count * positions + position
      var best = 0
      for tap in 1..<max(1, window.count)
      where values[first + tap * positions] > values[first + best * positions] { best = tap }
      return best
    }
    if call.output == 0 {
      let chosen = winners.enumerated().map { place, tap in
        (place / positions * window.count + tap) * positions + place % positions
      }
      return patches.picked(chosen, shape: shape)
    }
    // In column-major order a place counts the first axis fastest.
    let strides =
      call.node.int("storage_order", default: 0) == 0
      ? Shape(spatial).strides : Array(Shape(spatial.reversed()).strides.reversed())
    let numbers = Shape(spatial).offsets(strides: strides)
    return Variable(
      Tensor(
        shape,
        winners.enumerated().map { place, tap in
          let seen = places[tap * positions + place % positions]
          return Float(place / positions * plane + (seen < 0 ? 0 : numbers[seen]))
        }))
  }
}
