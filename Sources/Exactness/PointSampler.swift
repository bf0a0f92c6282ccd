/// What a point of −1…1 sees of a picture, as GridSample defines it.
struct PointSampler {
  /// Pixels before a point that it sees, and as many behind it: 1 between two pixels, 2 of a cubic.
  let reach: Int
  let padding: String
  let alignsCorners: Bool

  /// Between which pixels a coordinate lies, the number of the first of them, as programs find it in single precision: on
  /// a pixel it hangs on rounding, and the gradient on it.
  func first(_ coordinate: Double, _ extent: Int) -> Int32 {
    let (low, high) = borders(extent)
    let length = Float(alignsCorners ? extent - 1 : extent)
    let near = (Float(coordinate) + 1) * (length / 2) - (alignsCorners ? 0 : 0.5)
    let isInside = Double(near) >= low && Double(near) <= high
    let place = isInside ? Double(near) : along(coordinate, extent).place
    return Int32(clamping: Int(place.rounded(.down)))
  }

  /// The pixels, by a coordinate an axis, and what `first` is said to be of each.
  func taps(_ point: [Double], from firsts: [Int32], extents: [Int]) -> [PointTap] {
    var taps = [PointTap(place: 0, weight: 1)]
    for (axis, coordinate) in point.enumerated() {
      let own = along(coordinate, extents[axis], from: Int(firsts[axis]))
      taps = taps.flatMap { outer in
        own.map { inner in
          PointTap(
            place: outer.place * extents[axis] + inner.place, weight: outer.weight * inner.weight,
            slopes: outer.slopes.map { $0 * inner.weight } + inner.slopes.map { $0 * outer.weight })
        }
      }
    }
    return taps
  }

  /// Where a coordinate lies, in pixels, and how far it moves there.
  private func along(_ coordinate: Double, _ extent: Int) -> (place: Double, speed: Double) {
    let length = Double(alignsCorners ? extent - 1 : extent)
    let bounded = coordinate.isNaN ? 0 : max(-1e6, min(1e6, coordinate))
    var place = (bounded + 1) / 2 * length - (alignsCorners ? 0 : 0.5)
    // How far the place moves with the coordinate.
    var speed = length / 2
    let (low, high) = borders(extent)
    if place < low || place > high {
      if padding == "border", reach < 2 { (place, speed) = (max(0, min(high, place)), 0) }
      if padding == "reflection" {
        let (inside, sign) = reflected(place, extent)
        (place, speed) = (inside, speed * sign)
      }
    }
    return (place, speed)
  }

  private func along(_ coordinate: Double, _ extent: Int, from first: Int) -> [PointTap] {
    let (place, speed) = along(coordinate, extent)
    return (first - reach + 1...first + reach).compactMap { index in
      guard let pixel = pixel(index, extent) else { return nil }
      // What lies behind the point, and what before it, however near.
      let isBehind = index > first
      let (weight, slope) = kernel((isBehind ? 1 : -1) * (Double(index) - place))
      return PointTap(place: pixel, weight: weight, slopes: [(isBehind ? -slope : slope) * speed])
    }
  }

  /// A hat, or Keys's cubic with a = −0.75, and how it grows with the distance.
  private func kernel(_ t: Double) -> (value: Double, slope: Double) {
    guard reach == 2 else { return (1 - t, -1) }
    let a = -0.75
    if t <= 1 {
      return (1 - (a + 3) * t * t + (a + 2) * t * t * t, 3 * (a + 2) * t * t - 2 * (a + 3) * t)
    }
    guard t < 2 else { return (0, 0) }
    return (
      a * (t * t * t - 5 * t * t + 8 * t - 4), a * (3 * t * t - 10 * t + 8)
    )
  }

  /// The middles of the first and last pixel, or their outer edges.
  private func borders(_ extent: Int) -> (low: Double, high: Double) {
    alignsCorners ? (0, Double(extent - 1)) : (-0.5, Double(extent) - 0.5)
  }

  /// The pixel that stands at an index; `nil` where there are zeros.
  private func pixel(_ index: Int, _ extent: Int) -> Int? {
    if (0..<extent).contains(index) { return index }
    switch padding {
    case "border": return max(0, min(extent - 1, index))
    case "reflection":
      return max(0, min(extent - 1, Int(reflected(Double(index), extent).place)))
    default: return nil
    }
  }

  /// A place thrown back and forth between the borders, and the direction in which it goes there.
  private func reflected(_ place: Double, _ extent: Int) -> (place: Double, sign: Double) {
    let (low, high) = borders(extent)
    let span = high - low
    guard span > 0 else { return (low, 0) }
    var way = (place - low).truncatingRemainder(dividingBy: 2 * span)
    if way < 0 { way += 2 * span }
    return way <= span ? (low + way, 1) : (low + 2 * span - way, -1)
  }
}

/// The samples in the cells of a region, as RoiAlign defines them.
struct RegionCells {
  /// Samples along an axis of a cell; 0: one a pixel.
  let samples: Int
  let scale: Double
  let isHalfPixel: Bool

  /// The pixels around each sample of each cell along an axis; none around one that lies outside.
  func along(_ start: Double, _ end: Double, count: Int, extent: Int) -> [[[PointTap]]] {
    let shift = isHalfPixel ? 0.5 : 0
    let (start, end) = (finite(start * scale - shift), finite(end * scale - shift))
    let size = (isHalfPixel ? end - start : max(end - start, 1)) / Double(count)
    // A region over twice as large as its map takes no more.
    let most = Double(2 * extent / count + 1)
    let samples = samples > 0 ? samples : Int(max(0, min(size.rounded(.up), most)))
    return (0..<count).map { cell in
      (0..<samples).map { sample in
        let place =
          start + (Double(cell) + (Double(sample) + 0.5) / Double(samples)) * size
        guard place >= -1, place <= Double(extent) else { return [] }
        let first = Int(max(0, place))
        guard first < extent - 1 else { return [PointTap(place: extent - 1, weight: 1)] }
        let rest = max(0, place) - Double(first)
        return [
          PointTap(place: first, weight: 1 - rest), PointTap(place: first + 1, weight: rest),
        ]
      }
    }
  }

  private func finite(_ place: Double) -> Double { place.isFinite ? place : 0 }

  /// The mean over a cell's samples.
  static func mean(_ down: [[PointTap]], _ across: [[PointTap]], width: Int) -> [PointTap] {
    let share = 1 / Double(max(1, down.count * across.count))
    return down.joined().flatMap { y in
      across.joined().map { x in
        PointTap(place: y.place * width + x.place, weight: y.weight * x.weight * share)
      }
    }
  }
}
