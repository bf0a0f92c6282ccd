import Autodiff
import Graphs
import Tensors

extension ExactOperator {
  /// Tensors of other extents: a matrix an axis.
  static let resizing: [ExactOperator] = [
    ExactOperator("Resize", resize), ExactOperator("Upsample", resize),
  ]

  private static func resize(_ call: ExactCall) throws -> Exact {
    let old = call.node.opset < 11 || call.node.type == "Upsample"
    let transformation = call.string(
      "coordinate_transformation_mode", old ? "asymmetric" : "half_pixel")
    guard
      ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"].contains(transformation)
    else { throw call.unknown("with coordinates \(transformation)") }
    let mode = call.string("mode", "nearest")
    if mode == "nearest" { return try moved(call, [0]) }
    let x = try call.input(0)
    // The extents are the tape's, as those of all shapes.
    guard let tape = Operator.table[call.node.type] else { throw call.unknown("") }
    let extents = try tape.run(call.tapeCall([call.node.inputs[0]: Tensor(x.shape)])).shape
    var scales = call.optional(old ? 1 : 2)?.scalars ?? []
    if case .floats(let own)? = call.node.attributes["scales"] { scales = own.map(Double.init) }
    let hasSizes = !old && !(call.optional(3)?.scalars.isEmpty ?? true)
    let named = call.node.ints("axes") ?? Array(0..<x.shape.rank)
    guard call.string("keep_aspect_ratio_policy", "stretch") == "stretch" else {
      throw call.unknown("which keeps proportions")
    }
    let axes = named.map { call.axis($0, rank: x.shape.rank) }
    return try axes.enumerated().reduce(x) { result, place in
      let (from, to) = (x.shape[place.element], extents[place.element])
      let scale = hasSizes ? Double(to) / Double(from) : scales[place.offset]
      guard from != to || scale != 1 else { return result }
      let sampling = Sampling(
        from: from, to: to, scale: scale, transformation: transformation,
        isCubic: mode == "cubic", slope: call.float("cubic_coeff_a", -0.75),
        excludesOutside: call.node.int("exclude_outside", default: 0) != 0,
        antialiases: call.node.int("antialias", default: 0) != 0)
      try call.requireRoom(from, to)
      return result.withAxisLast(place.element) { .matrixProduct($0, sampling.matrix) }
    }
  }
}

/// How an axis is interpolated.
private struct Sampling {
  let from, to: Int
  let scale: Double
  let transformation: String
  let isCubic: Bool
  let slope: Double
  let excludesOutside, antialiases: Bool

  /// Weights of the axis's elements in each of the result, old × new.
  var matrix: Exact {
    var weights = [Double](repeating: 0, count: from * to)
    let density = antialiases ? min(scale, 1) : 1
    let radius = (isCubic ? 2 : 1) / density
    for new in 0..<to {
      let point = point(Double(new))
      var taps: [(place: Int, weight: Double)] = []
      for place in Int((point - radius).rounded(.down))...Int((point + radius).rounded(.up)) {
        if excludesOutside, !(0..<from).contains(place) { continue }
        taps.append((max(0, min(from - 1, place)), kernel(abs(Double(place) - point) * density)))
      }
      let sum = taps.reduce(0) { $0 + $1.weight }
      let divisor = (antialiases || excludesOutside) && sum != 0 ? sum : 1
      for tap in taps { weights[tap.place * to + new] += tap.weight / divisor }
    }
    return Exact([from, to], weights)
  }

  private func point(_ i: Double) -> Double {
    switch transformation {
    case "align_corners": to == 1 ? 0 : i * Double(from - 1) / Double(to - 1)
    case "asymmetric": i / scale
    case "pytorch_half_pixel": to > 1 ? (i + 0.5) / scale - 0.5 : 0
    default: (i + 0.5) / scale - 0.5
    }
  }

  /// A hat, or Keys's cubic, 1981.
  private func kernel(_ t: Double) -> Double {
    guard isCubic else { return max(0, 1 - t) }
    let a = slope
    if t <= 1 { return ((a + 2) * t - (a + 3)) * t * t + 1 }
    return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0
  }
}
