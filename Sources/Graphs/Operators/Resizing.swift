import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Tensors of other extents, sampled axis by axis.
  static let resizing: [Operator] = [
    Operator("Resize", .selection, channels: .kept, positions: .kept, resize),
    Operator("Upsample", .selection, channels: .kept, positions: .kept, resize),
  ]

  private static func resize(_ call: TapeCall) throws -> Variable {
    var x = try call.input(0)
    let sampling = try AxisSampling(call)
    var outside: [(axis: Int, isOutside: [Bool])] = []
    for (axis, target) in try targets(call, x.shape) {
      let extent = x.shape[axis]
      try call.require(extent > 0, "an empty axis")
      var extents = x.shape.dimensions
      extents[axis] = target.extent
      _ = try call.shape(extents)
      if target.extent == extent, target.scale == 1, !sampling.crops { continue }
      let points = sampling.points(extent: extent, target)
      if sampling.crops {
        outside.append((axis, points.map { $0 < 0 || $0 > Double(extent - 1) }))
      }
      x =
        sampling.isNearest
        ? x.gathered(points.map { sampling.nearest($0, extent: extent) }, alongAxis: axis)
        : x.mapped(
          AxisMap(
            inputCount: extent,
            rows: points.map { sampling.taps($0, extent: extent, scale: target.scale) }),
          alongAxis: axis)
    }
    return outside.isEmpty ? x : extrapolated(call, x, outside)
  }

  /// One axis's new extent, the factor that makes it, and the part of the axis that it shows.
  struct AxisTarget {
    var extent: Int
    var scale: Double
    var region: (start: Double, end: Double)
  }

  /// What becomes of every axis that changes.
  private static func targets(
    _ call: TapeCall, _ shape: Shape
  ) throws -> [(axis: Int, target: AxisTarget)] {
    let old = call.node.opset < 11 || call.node.type == "Upsample"
    let axes = try call.axes(call.node.ints("axes") ?? Array(0..<shape.rank), rank: shape.rank)
    var scales = try call.constant(old ? 1 : 2)?.tensor.scalars ?? []
    if case .floats(let values)? = call.node.attributes["scales"] { scales = values }
    // The first operator set has one for rows and one for columns.
    if scales.isEmpty, case .float(let height)? = call.node.attributes["height_scale"],
      case .float(let width)? = call.node.attributes["width_scale"], shape.rank == 4
    {
      scales = [1, 1, height, width]
    }
    var sizes = old ? [] : try call.constant(3)?.integers ?? []
    let region = old ? [] : try call.constant(1)?.tensor.scalars ?? []
    try call.require(
      (sizes.isEmpty ? scales.count : sizes.count) == axes.count
        && scales.allSatisfy { $0 > 0 && $0 < 0x1p24 }
        && sizes.allSatisfy { $0 > 0 && $0 < 1 << 24 },
      "scales \(scales) and sizes \(sizes) for \(axes.count) axes")
    var factors = scales.map(Double.init)
    if !sizes.isEmpty {
      factors = zip(sizes, axes).map { Double($0) / Double(max(1, shape[$1])) }
      let policy = call.node.string("keep_aspect_ratio_policy", default: "stretch")
      if policy != "stretch" {
        let common = (policy == "not_larger" ? factors.min() : factors.max()) ?? 1
        sizes = axes.map { Int((common * Double(shape[$0])).rounded()) }
        factors = factors.map { _ in common }
      }
    }
    return axes.enumerated().map { i, axis in
      // In single precision, as onnxruntime reckons: 10 elements times 0.7, which is less in double, are 7.
      let extent =
        sizes.isEmpty
        ? Int((Float(shape[axis]) * Float(factors[i])).rounded(.down)) : sizes[i]
      let isGiven = region.count == 2 * axes.count
      return (
        axis,
        AxisTarget(
          extent: extent, scale: factors[i],
          region: isGiven ? (Double(region[i]), Double(region[i + axes.count])) : (0, 1))
      )
    }
  }

  /// The same with a constant wherever a point lies outside along some axis.
  private static func extrapolated(
    _ call: TapeCall, _ x: Variable, _ outside: [(axis: Int, isOutside: [Bool])]
  ) -> Variable {
    var mask = Tensor(x.shape, repeating: 1)
    for (axis, isOutside) in outside {
      var shape = [Int](repeating: 1, count: x.shape.rank)
      shape[axis] = isOutside.count
      mask = mask * Tensor(Shape(shape), isOutside.map { $0 ? 0 : 1 })
    }
    let value = call.node.float("extrapolation_value", default: 0)
    return select(mask, x, Variable(Tensor(value)), x.shape)
  }
}
