import Tensors

extension Exact {
  /// `y = f(x)`, element by element; the derivative is given `x` and `y`.
  @inline(__always)
  func map(
    _ f: (Double) -> Double, derivative: @escaping (_ x: Double, _ y: Double) -> Double
  ) -> Exact {
    let x = scalars
    let y = filled(x.count, worth: 16) { f(x[$0]) }
    return Exact(
      shape, y,
      from: [
        (
          self,
          { g in
            // What nothing depends on has no gradient, whatever its slope.
            filled(g.count, worth: 16) { g[$0] == 0 ? 0 : g[$0] * derivative(x[$0], y[$0]) }
          }
        )
      ])
  }

  /// A function that is constant but for its jumps: no gradient passes.
  func stepped(_ f: (Double) -> Double) -> Exact { Exact(shape, scalars.map(f)) }

  /// A function whose gradient is taken for 1.
  func straightThrough(_ f: (Double) -> Double) -> Exact {
    Exact(shape, scalars.map(f), from: [(self, { $0 })])
  }

  /// Elements of two values put together, with NumPy's broadcasting; the derivatives by the first and the second are
  /// given both and the result.
  @inline(__always)
  static func combined(
    _ a: Exact, _ b: Exact, _ f: (Double, Double) -> Double,
    first: @escaping (Double, Double, Double) -> Double,
    second: @escaping (Double, Double, Double) -> Double
  ) -> Exact {
    let shape = a.shape.broadcast(with: b.shape)
    let (p, q) = (a.shape.places(in: shape), b.shape.places(in: shape))
    let (x, z) = (a.scalars, b.scalars)
    let y = filled(shape.count) { f(x[p.map($0)], z[q.map($0)]) }
    func pullback(
      _ own: Places, _ count: Int, _ slope: @escaping (Double, Double, Double) -> Double
    ) -> Way.Pullback {
      { g in
        let parts = filled(g.count) {
          g[$0] == 0 ? 0 : g[$0] * slope(x[p.map($0)], z[q.map($0)], y[$0])
        }
        return own.summed(parts, count: count)
      }
    }
    return Exact(
      shape, y,
      from: [(a, pullback(p, x.count, first)), (b, pullback(q, z.count, second))])
  }

  static func + (a: Exact, b: Exact) -> Exact {
    combined(a, b, { $0 + $1 }, first: { _, _, _ in 1 }, second: { _, _, _ in 1 })
  }

  static func - (a: Exact, b: Exact) -> Exact {
    combined(a, b, { $0 - $1 }, first: { _, _, _ in 1 }, second: { _, _, _ in -1 })
  }

  static func * (a: Exact, b: Exact) -> Exact {
    combined(a, b, { $0 * $1 }, first: { _, b, _ in b }, second: { a, _, _ in a })
  }

  static func / (a: Exact, b: Exact) -> Exact {
    combined(a, b, { $0 / $1 }, first: { _, b, _ in 1 / b }, second: { _, b, y in -y / b })
  }

  static func + (a: Exact, b: Double) -> Exact { a + Exact(b) }
  static func - (a: Exact, b: Double) -> Exact { a - Exact(b) }
  static func * (a: Exact, b: Double) -> Exact { a * Exact(b) }
  static func / (a: Exact, b: Double) -> Exact { a / Exact(b) }

  /// The square root; its gradient at 0 is infinite unless nothing depends on it.
  var squareRoot: Exact { map({ $0.squareRoot() }) { _, y in 0.5 / y } }

  /// The square.
  var squared: Exact { map({ $0 * $0 }) { x, _ in 2 * x } }
}

/// Where the elements of a broadcast shape come from.
enum Places {
  case same
  case one
  case listed([Int32])

  @inline(__always)
  func map(_ i: Int) -> Int {
    switch self {
    case .same: i
    case .one: 0
    case .listed(let places): Int(places[i])
    }
  }

  /// Sums of what comes from the same place.
  func summed(_ parts: [Double], count: Int) -> [Double] {
    if case .same = self { return parts }
    var sums = [Double](repeating: 0, count: count)
    sums.withUnsafeMutableBufferPointer { sums in
      for i in parts.indices { sums[map(i)] += parts[i] }
    }
    return sums
  }
}

extension Shape {
  /// Where the elements of a shape that this one stretches to come from.
  func places(in target: Shape) -> Places {
    if self == target || count == target.count { return .same }
    if count == 1 { return .one }
    return .listed(target.places(strides: strides(broadcastTo: target)))
  }

  /// The places of all elements, row by row, in something with these strides.
  func places(strides: [Int], from start: Int = 0) -> [Int32] {
    precondition(count <= Int(Int32.max), "Exact: \(self) has more elements than places")
    var places = [Int32(start)]
    places.reserveCapacity(count)
    for (extent, stride) in zip(dimensions, strides) {
      var next: [Int32] = []
      next.reserveCapacity(places.count * extent)
      for place in places { for i in 0..<extent { next.append(place + Int32(i * stride)) } }
      places = next
    }
    return places
  }
}
