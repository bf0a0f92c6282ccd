import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Tensors with some of their scalars replaced or joined by others.
  static let scattering: [Operator] = [
    Operator("ScatterElements", .other, channels: .kept, scatterElements),
    Operator("Scatter", .other, channels: .kept, scatterElements),
    Operator("ScatterND", .other) { call in
      let x = try call.input(0)
      let (places, leading, inner) = try slicePlaces(call, in: x.shape, batch: 0)
      let updates = try call.input(2)
      let shape = Shape(leading + x.shape.dimensions.suffix(inner))
      try call.require(updates.shape == shape, "updates \(updates.shape) instead of \(shape)")
      let slice = x.shape.dimensions.suffix(inner).reduce(1, *)
      return try scatter(
        call, x, places.flatMap { place in (0..<slice).map { place + $0 } }, updates)
    },
    Operator("OneHot", .other, makes: .like(2), oneHot),
    Operator("MaxUnpool", .selection, channels: .first, positions: .kept) { call in
      let (x, window) = (try call.input(0), try TapeWindow(call))
      let places = Constant(try call.input(1).value).integers
      let outer = Array(x.shape.dimensions.prefix(2))
      // The places count in the smallest shape that pools to this one.
      let smallest = try call.shape(outer + window.unpooled(x.shape))
      let extents = try call.constant(2)?.integers ?? smallest.dimensions
      let target = try call.shape(extents.count == x.shape.rank ? extents : outer + extents)
      try call.require(
        target.rank == x.shape.rank && places.count == x.shape.count
          && places.allSatisfy { (0..<smallest.count).contains($0) }
          && zip(smallest.dimensions, target.dimensions).allSatisfy { $0 <= $1 },
        "\(places.count) places in \(smallest) for \(target)")
      let offsets = smallest.offsets(strides: target.strides)
      return x.placed(places.map { offsets[$0] }, shape: target)
    },
  ]

  private static func scatterElements(_ call: TapeCall) throws -> Variable {
    let (x, indices, updates) = (try call.input(0), try call.input(1), try call.input(2))
    try call.require(
      indices.shape == updates.shape, "indices \(indices.shape), updates \(updates.shape)")
    return try scatter(call, x, try elementPlaces(call, in: x.shape), updates)
  }

  /// Joins every update with the scalar at its place.
  private static func scatter(
    _ call: TapeCall, _ x: Variable, _ places: [Int], _ updates: Variable
  ) throws -> Variable {
    let reduction = call.node.string("reduction", default: "none")
    if reduction == "none" { return replaced(x, places, updates) }
    if reduction == "add" { return x + updates.placed(places, shape: x.shape) }
    guard let merging = Merging(rawValue: reduction) else {
      throw call.invalid("the reduction '\(reduction)'")
    }
    return merged(x, places, updates, merging)
  }

  /// Of several updates for one place, the last counts.
  static func replaced(_ x: Variable, _ places: [Int], _ updates: Variable) -> Variable {
    var last: [Int: Int] = [:]
    for (update, place) in places.enumerated() { last[place] = update }
    let counting = places.enumerated().map { last[$1] == $0 ? $1 : -1 }
    let kept = Tensor(x.shape) { mask in
      mask.initialize(repeating: 1)
      for place in places { mask[place] = 0 }
    }
    return select(kept, x, updates.placed(counting, shape: x.shape), x.shape)
  }

  /// What becomes of scalars that meet at a place.
  private enum Merging: String {
    case product = "mul"
    case maximum = "max"
    case minimum = "min"

    func callAsFunction(_ a: Float, _ b: Float) -> Float {
      switch self {
      case .product: a * b
      case .maximum: max(a, b)
      case .minimum: min(a, b)
      }
    }
  }

  /// Products, maxima and minima.
  ///
  /// A factor's slope is the product of the others, found by leaving it out;
  /// of equal extremes the first gets the gradient.
  private static func merged(
    _ x: Variable, _ places: [Int], _ updates: Variable, _ merging: Merging
  ) -> Variable {
    var value = x.value
    let news = updates.value.scalars
    value.withUnsafeMutableBufferPointer { value in
      for (update, place) in places.enumerated() {
        value[place] = merging(value[place], news[update])
      }
    }
    return Variable(value, operation: "scatter", inputs: [x, updates]) { g, y in
      let (g, y, olds) = (g.value.scalars, y.value.scalars, x.value.scalars)
      var meeting: [Int: [Int]] = [:]
      for (update, place) in places.enumerated() { meeting[place, default: []].append(update) }
      var (forX, forUpdates) = (g, [Float](repeating: 0, count: news.count))
      for (place, updates) in meeting {
        // The old scalar first, then the updates.
        let factors = [olds[place]] + updates.map { news[$0] }
        let first = factors.firstIndex(of: y[place])
        let slopes = factors.indices.map { i -> Float in
          guard merging == .product else { return i == first ? 1 : 0 }
          return factors.indices.reduce(1) { $1 == i ? $0 : $0 * factors[$1] }
        }
        forX[place] = g[place] * slopes[0]
        for (update, slope) in zip(updates, slopes.dropFirst()) {
          forUpdates[update] = g[place] * slope
        }
      }
      return [
        Variable(Tensor(x.shape, forX)), Variable(Tensor(updates.shape, forUpdates)),
      ]
    }
  }

  /// One of two values, by whether the index of a new axis is that of the input.
  private static func oneHot(_ call: TapeCall) throws -> Variable {
    let (x, values) = (try call.input(0), try call.input(2))
    let depth = try call.constant(1)?.integers.first ?? 0
    try call.require(values.shape.count == 2 && depth > 0, "\(values.shape) values, depth \(depth)")
    let axis = try call.axis(call.node.int("axis", default: -1), rank: x.shape.rank + 1)
    var extents = x.shape.dimensions
    extents.insert(depth, at: axis)
    let inner = x.shape.dimensions[axis...].reduce(1, *)
    let shape = try call.shape(extents)
    let indices = Constant(x.value).integers
    let chosen = (0..<shape.count).map { place in
      let index = indices[place / (depth * inner) * inner + place % inner]
      let own = index < 0 ? index + depth : index
      return own == place / inner % depth ? 1 : 0
    }
    return values.picked(chosen, shape: shape)
  }
}
