import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Pictures sampled at points that are computed.
  static let sampling: [Operator] = [
    Operator("GridSample", .selection, channels: .first, gridSample)
  ]

  /// - Returns: N×C×… for pictures of N×C×…, at the points of a grid of N×…×D with the last axis of the
  ///   pictures first.
  private static func gridSample(_ call: TapeCall) throws -> Variable {
    let (x, grid) = (try call.input(0), try call.input(1))
    let rank = x.shape.rank - 2
    try call.require(
      rank > 0 && grid.shape.rank == x.shape.rank && grid.shape[0] == x.shape[0]
        && grid.shape[-1] == rank && x.shape.count > 0 && grid.shape.count > 0,
      "a grid of \(grid.shape) over \(x.shape)")
    let (mode, padding) = (
      call.node.string("mode", default: "linear"),
      call.node.string("padding_mode", default: "zeros")
    )
    try call.require(
      ["linear", "bilinear", "nearest", "cubic", "bicubic"].contains(mode)
        && ["zeros", "border", "reflection"].contains(padding), "'\(mode)' with '\(padding)'")
    let spatial = Array(x.shape.dimensions.dropFirst(2))
    return try sampled(
      call, x, grid,
      GridSampler(
        mode: mode, padding: padding,
        alignsCorners: call.node.int("align_corners", default: 0) != 0, spatial: spatial))
  }

  /// Pictures at the points of a grid, both of shapes that fit.
  static func sampled(
    _ call: TapeCall, _ x: Variable, _ grid: Variable, _ sampler: GridSampler
  ) throws -> Variable {
    let rank = x.shape.rank - 2
    let spatial = Array(x.shape.dimensions.dropFirst(2))
    let points = Array(grid.shape.dimensions.dropFirst().dropLast())
    let shape = try call.shape(Array(x.shape.dimensions.prefix(2)) + points)
    let (batch, channels) = (x.shape[0], x.shape[1])
    let (plane, count) = (spatial.reduce(1, *), points.reduce(1, *))
    let coordinates = grid.value.scalars
    /// What every point of a picture sees.
    func taps(_ image: Int, slopeAlong axis: Int? = nil) -> [[AxisMap.Tap]] {
      (0..<count).map { point in
        let start = (image * count + point) * rank
        return sampler.taps(coordinates[start..<start + rank].reversed(), slopeAlong: axis)
      }
    }
    let pictures = x.reshaped(to: [batch, channels, plane])
    let samples = (0..<batch).map { image in
      pictures.sliced(image..<image + 1, alongAxis: 0)
        .mapped(AxisMap(inputCount: plane, rows: taps(image)), alongAxis: 2)
    }
    let result = concatenate(samples).reshaped(to: shape)
    guard grid.isTraced else { return result }
    // By the grid: the slopes of the taps' weights, contracted with the cotangent over the channels.
    let still = pictures.detached
    let moving = Variable(Tensor(shape), operation: "grid", inputs: [grid]) { g in
      let g = Variable(g.value.reshaped([batch, channels, count]))
      let slopes = (0..<rank).reversed().map { axis in
        concatenate(
          (0..<batch).map { image in
            let slope = still.sliced(image..<image + 1, alongAxis: 0)
              .mapped(
                AxisMap(inputCount: plane, rows: taps(image, slopeAlong: axis)), alongAxis: 2)
            return (slope * g.sliced(image..<image + 1, alongAxis: 0))
              .sum(alongAxes: [1]).reshaped(to: [1, count, 1])
          })
      }
      return [concatenate(slopes, alongAxis: 2).reshaped(to: grid.shape)]
    }
    return result + moving
  }
}

/// How a point of −1…1 becomes a weighted sum of pixels.
struct GridSampler {
  let mode: String
  let padding: String
  let alignsCorners: Bool
  let spatial: [Int]
  /// Whether points are the pixels' places, not from −1 to 1.
  var isInPixels = false

  /// The pixels that a point sees, with their weights or the slopes of these along one axis.
  ///
  /// - Parameters:
  ///   - point: One coordinate an axis, in the order of the axes.
  ///   - slopeAxis: The axis, `nil` for the weights themselves.
  /// - Returns: The taps in the flattened picture.
  func taps(_ point: some Sequence<Float>, slopeAlong slopeAxis: Int?) -> [AxisMap.Tap] {
    var taps = [AxisMap.Tap(0, 1)]
    for (axis, coordinate) in point.enumerated() {
      let own = axisTaps(coordinate, extent: spatial[axis], slope: axis == slopeAxis)
      taps = taps.flatMap { outer in
        own.map { .init(outer.index * spatial[axis] + $0.index, outer.weight * $0.weight) }
      }
    }
    return taps
  }

  private func axisTaps(_ coordinate: Float, extent: Int, slope: Bool) -> [AxisMap.Tap] {
    // A point that is no number, or far beyond, sees what a point just outside sees.
    let bounded = coordinate.isNaN ? 0 : max(-1e6, min(1e6, coordinate))
    let stretch = isInPixels ? 1 : Float(alignsCorners ? extent - 1 : extent) / 2
    var place = isInPixels ? bounded : (bounded + 1) * stretch - (alignsCorners ? 0 : 0.5)
    if mode == "nearest" { place = place.rounded(.toNearestOrEven) }
    var direction: Float = stretch
    let isCubic = mode == "cubic" || mode == "bicubic"
    if place < low || place > high(extent) {
      // A cubic sees each pixel beyond the border as the border's own.
      if padding == "border", !isCubic {
        place = max(0, min(Float(extent - 1), place))
        direction = 0
      } else if padding == "reflection" {
        let (reflected, sign) = reflect(place, extent)
        (place, direction) = (reflected, stretch * sign)
      }
    }
    if mode == "nearest" {
      return slope ? [] : pixel(Int(place), extent).map { [.init($0, 1)] } ?? []
    }
    let reach = isCubic ? 2 : 1
    let first = Int(place.rounded(.down))
    let seen: ClosedRange<Int> = (first - reach + 1)...(first + reach)
    return seen.compactMap { (index: Int) -> AxisMap.Tap? in
      guard let pixel = pixel(index, extent) else { return nil }
      let distance = Float(index) - place
      let weight: (value: Float, slope: Float) =
        reach == 2 ? cubic(distance.magnitude) : (1 - distance.magnitude, -1)
      // The distance falls as the place grows towards a pixel ahead.
      return .init(
        pixel, slope ? weight.slope * (distance > 0 ? -1 : 1) * direction : weight.value)
    }
  }

  private var low: Float { alignsCorners ? 0 : -0.5 }

  private func high(_ extent: Int) -> Float { Float(extent) - (alignsCorners ? 1 : 0.5) }

  /// The pixel that stands at an index, or `nil` where there is nothing but zeros.
  private func pixel(_ index: Int, _ extent: Int) -> Int? {
    if (0..<extent).contains(index) { return index }
    switch padding {
    case "border": return max(0, min(extent - 1, index))
    case "reflection": return max(0, min(extent - 1, Int(reflect(Float(index), extent).place)))
    default: return nil
    }
  }

  /// A place thrown back at the borders until it lies between them, and whether it runs forwards there.
  private func reflect(_ place: Float, _ extent: Int) -> (place: Float, sign: Float) {
    let (low, high) = (low, high(extent))
    guard high > low else { return (low, 0) }
    guard place < low || place > high else { return (place, 1) }
    let beyond = place < low ? low - place : place - high
    let turns = (beyond / (high - low)).rounded(.down)
    let rest = beyond - turns * (high - low)
    let isEven = turns.truncatingRemainder(dividingBy: 2) == 0
    return place < low
      ? (isEven ? (low + rest, -1) : (high - rest, 1))
      : (isEven ? (high - rest, -1) : (low + rest, 1))
  }

  /// Keys's cubic with a = −0.75, as in PyTorch, and its slope.
  private func cubic(_ t: Float) -> (value: Float, slope: Float) {
    let a: Float = -0.75
    if t <= 1 { return (((a + 2) * t - (a + 3)) * t * t + 1, (3 * (a + 2) * t - 2 * (a + 3)) * t) }
    return t < 2
      ? (((a * t - 5 * a) * t + 8 * a) * t - 4 * a, (3 * a * t - 10 * a) * t + 8 * a) : (0, 0)
  }
}
