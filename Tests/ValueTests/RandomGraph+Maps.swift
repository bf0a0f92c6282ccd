import Graphs
import Tensors

extension RandomGraph {
  static let maps: [Builder] = [
    Builder("Conv", { g, x in g.convolution(x) }),
    Builder("Conv of 3", { g, x in g.convolution(x, sizes: 3) }),
    Builder("Conv of 1", { g, x in g.convolution(x, sizes: 1) }),
    Builder("Conv depthwise", { g, x in g.convolution(x, depthwise: true) }),
    Builder("ConvTranspose", { g, x in g.transposedConvolution(x) }),
    Builder("MaxPool", { g, x in g.pool("MaxPool", x) }),
    Builder("AveragePool", { g, x in g.pool("AveragePool", x) }),
    Builder("LpPool", { g, x in g.pool("LpPool", x) }),
    Builder(
      "GlobalAveragePool", { g, x in x.shape.rank > 2 ? g.add("GlobalAveragePool", [x.name]) : nil }
    ),
    Builder("GlobalMaxPool", { g, x in x.shape.rank > 2 ? g.add("GlobalMaxPool", [x.name]) : nil }),
    Builder("Resize", { g, x in g.resize(x) }),
    Builder(
      "DepthToSpace",
      { g, x in
        guard x.shape.rank == 4, x.shape[1].isMultiple(of: 4) else { return nil }
        return g.add(
          "DepthToSpace", [x.name],
          ["blocksize": .int(2), "mode": .string(g.flip() ? "DCR" : "CRD")])
      }
    ),
    Builder(
      "SpaceToDepth",
      { g, x in
        guard x.shape.rank == 4, x.shape[2].isMultiple(of: 2), x.shape[3].isMultiple(of: 2) else {
          return nil
        }
        return g.add("SpaceToDepth", [x.name], ["blocksize": .int(2)])
      }
    ),
  ]

  mutating func convolution(
    _ x: Value, sizes all: Int? = nil, depthwise: Bool = false, filters wanted: Int? = nil
  ) -> String? {
    let shape = x.shape
    guard (3...5).contains(shape.rank), shape[1] > 0 else { return nil }
    let divisors = (1...shape[1]).filter(shape[1].isMultiple)
    let groups =
      depthwise
      ? shape[1]
      : wanted == nil && integer(0...3) == 0 ? divisors[integer(0...(divisors.count - 1))] : 1
    let most = depthwise ? 2 : max(1, 49 / groups)
    let filters = wanted ?? groups * integer(1...most)
    let sizes = (2..<shape.rank).map { _ in all ?? integer(1...4) }
    let inputs = shape[1] / groups
    let weights = weights(
      Shape([filters, inputs] + sizes), inputs: inputs * sizes.reduce(1, *))
    var attributes = window(sizes, strides: all == nil)
    attributes["group"] = .int(groups)
    if flip() { attributes["kernel_shape"] = .ints(sizes) }
    let bias = flip() ? [constant([filters])] : []
    return add("Conv", [x.name, weights] + bias, attributes)
  }

  private mutating func transposedConvolution(_ x: Value) -> String? {
    let shape = x.shape
    guard (3...4).contains(shape.rank), shape[1] > 0 else { return nil }
    let divisors = (1...shape[1]).filter(shape[1].isMultiple)
    let groups = flip() ? 1 : divisors[integer(0...(divisors.count - 1))]
    let filters = integer(1...max(1, 33 / groups))
    let sizes = (2..<shape.rank).map { _ in integer(1...4) }
    let weights = weights(
      Shape([shape[1], filters] + sizes), inputs: shape[1] / groups * sizes.reduce(1, *))
    var attributes = window(sizes, strides: true)
    attributes["auto_pad"] = nil
    attributes["group"] = .int(groups)
    return add(
      "ConvTranspose", [x.name, weights] + (flip() ? [constant([filters * groups])] : []),
      attributes)
  }

  private mutating func pool(_ type: String, _ x: Value) -> String? {
    guard (3...5).contains(x.shape.rank) else { return nil }
    let sizes = (2..<x.shape.rank).map { _ in integer(1...4) }
    var attributes = window(sizes, strides: true)
    // A dilated window may see nothing but padding, whose largest is −∞.
    if attributes["pads"] != nil || type == "LpPool" { attributes["dilations"] = nil }
    attributes["kernel_shape"] = .ints(sizes)
    if type != "LpPool" { attributes["ceil_mode"] = .int(integer(0...1)) }
    if type == "AveragePool" { attributes["count_include_pad"] = .int(integer(0...1)) }
    return add(type, [x.name], attributes, opset: 22)
  }

  /// Strides, dilations and padding, less than the window is wide, of a window; without strides, the padding
  /// that leaves odd sizes as they are.
  private mutating func window(_ sizes: [Int], strides: Bool) -> [String: Attribute] {
    guard strides else {
      return ["pads": .ints((sizes + sizes).map { $0 / 2 })]
    }
    var attributes: [String: Attribute] = [:]
    attributes["strides"] = .ints(sizes.map { _ in integer(1...3) })
    if integer(0...2) == 0 { attributes["dilations"] = .ints(sizes.map { _ in integer(1...2) }) }
    if integer(0...5) == 0 {
      attributes["auto_pad"] = .string(["SAME_UPPER", "SAME_LOWER", "VALID"][integer(0...2)])
    } else {
      attributes["pads"] = .ints((sizes + sizes).map { integer(0...($0 - 1)) })
    }
    return attributes
  }

  private mutating func resize(_ x: Value) -> String? {
    guard x.shape.rank == 4 else { return nil }
    let mode = ["nearest", "linear", "cubic"][integer(0...2)]
    let places = ["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"]
    let attributes: [String: Attribute] = [
      "mode": .string(mode), "coordinate_transformation_mode": .string(places[integer(0...3)]),
    ]
    if flip() {
      let sizes = [x.shape[0], x.shape[1], integer(1...12), integer(1...12)]
      return add("Resize", [x.name, "", "", integers(sizes)], attributes)
    }
    return add(
      "Resize", [x.name, "", floats([1, 1, fraction(0.6...2.5), Float(integer(1...2))])], attributes
    )
  }

  static let normalizations: [Builder] = [
    Builder(
      "BatchNormalization",
      { g, x in
        guard x.shape.rank > 1 else { return nil }
        let channels: Shape = [x.shape[1]]
        let moments = [g.constant(channels), g.constant(channels), g.constant(channels)]
        return g.add(
          "BatchNormalization", [x.name] + moments + [g.constant(channels, in: 0.5...2)])
      }
    ),
    Builder(
      "InstanceNormalization",
      { g, x in
        guard x.shape.rank > 2, x.shape.dimensions.dropFirst(2).reduce(1, *) > 3 else { return nil }
        let channels: Shape = [x.shape[1]]
        return g.add(
          "InstanceNormalization", [x.name, g.constant(channels), g.constant(channels)])
      }
    ),
    Builder(
      "GroupNormalization",
      { g, x in
        guard x.shape.rank > 2, x.shape.dimensions.dropFirst().reduce(1, *) > 7 else { return nil }
        let groups = x.shape[1].isMultiple(of: 2) ? 2 : 1
        let channels: Shape = [x.shape[1]]
        return g.add(
          "GroupNormalization", [x.name, g.constant(channels), g.constant(channels)],
          ["num_groups": .int(groups)], opset: 21)
      }
    ),
    Builder(
      "LayerNormalization",
      { g, x in
        guard x.shape.rank > 1, x.shape[-1] > 3 else { return nil }
        let features: Shape = [x.shape[-1]]
        return g.add(
          "LayerNormalization", [x.name, g.constant(features), g.constant(features)],
          ["axis": .int(-1)])
      }
    ),
    Builder(
      "LRN",
      { g, x in
        guard x.shape.rank == 4 else { return nil }
        return g.add(
          "LRN", [x.name],
          [
            "size": .int(g.integer(1...7)), "alpha": .float(g.fraction(0.1...1)),
            "beta": .float(g.fraction(0.5...1)), "bias": .float(g.fraction(1...2)),
          ])
      }
    ),
    Builder("LRN in parts", { g, x in g.localResponse(x) }),
    Builder(
      "MeanVarianceNormalization",
      { g, x in
        guard x.shape.rank == 4, x.shape[2] * x.shape[3] > 3 else { return nil }
        return g.add("MeanVarianceNormalization", [x.name], ["axes": .ints([2, 3])])
      }
    ),
    Builder(
      "Softmax",
      { g, x in g.axis(x.shape).flatMap { g.add("Softmax", [x.name], ["axis": .int($0)]) } }
    ),
    Builder(
      "LogSoftmax",
      { g, x in g.axis(x.shape).flatMap { g.add("LogSoftmax", [x.name], ["axis": .int($0)]) } }
    ),
  ]

  /// Local response normalization as PyTorch's exporter writes it, of an odd or an even number of channels.
  private mutating func localResponse(_ x: Value) -> String? {
    guard x.shape.rank == 4 else { return nil }
    let size = integer(1...5)
    let raised = add("Mul", [x.name, x.name]).flatMap { add("Unsqueeze", [$0, integers([1])]) }
    let padded = raised.flatMap {
      add("Pad", [$0, integers([0, 0, size / 2, 0, 0, 0, 0, (size - 1) / 2, 0, 0])])
    }
    let averaged = padded.flatMap {
      add(
        "AveragePool", [$0],
        [
          "kernel_shape": .ints([size, 1, 1]), "strides": .ints([1, 1, 1]),
          "count_include_pad": .int(1),
        ])
    }
    let sum = averaged.flatMap { add("Squeeze", [$0, integers([1])]) }
      .flatMap { add("Mul", [$0, scalar(fraction(0.1...1))]) }
      .flatMap { add("Add", [$0, scalar(1)]) }
    return sum.flatMap { add("Pow", [$0, scalar(0.75)]) }.flatMap { add("Div", [x.name, $0]) }
  }
}
