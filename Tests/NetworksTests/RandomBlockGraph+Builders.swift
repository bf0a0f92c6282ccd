import Tensors

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

extension RandomBlockGraph {
  /// Makes a node of the last value; `nil` where it does not fit its shape.
  typealias Builder = @Sendable (inout RandomBlockGraph) -> Node?

  /// A builder for each operator on channel blocks.
  static let builders: [String: Builder] = [
    "Conv": convolution, "ConvTranspose": transposedConvolution, "Gemm": gemm, "MatMul": matmul,
    "MaxPool": { pool("MaxPool", &$0) }, "AveragePool": { pool("AveragePool", &$0) },
    "GlobalAveragePool": { $0.node("GlobalAveragePool") },
    "GlobalMaxPool": { $0.node("GlobalMaxPool") },
    "ReduceMean": { g in
      let keep = Attribute.int(g.number(0...1))
      return g.flip()
        ? g.node("ReduceMean", [], ["axes": .ints([2, 3]), "keepdims": keep], opset: 11)
        : g.node("ReduceMean", [g.integers([-1, -2])], ["keepdims": keep])
    },
    "LRN": { g in
      g.node(
        "LRN", [],
        [
          "size": .int(g.number(1...7)), "alpha": .float(g.fraction(0.1...1)),
          "beta": .float(g.fraction(0.5...1)), "bias": .float(g.fraction(1...2)),
        ])
    },
    "BatchNormalization": { g in
      let channels = Shape([g.last.shape.rank > 1 ? g.last.shape[1] : 1])
      let moments = [g.constant(channels), g.constant(channels), g.constant(channels)]
      return g.node("BatchNormalization", moments + [g.constant(channels, in: 0.5...2)])
    },
    "LayerNormalization": { g in
      let (features, isLast) = (g.last.shape[-1], g.number(0...7) > 0)
      // Of one feature nothing is left but rounding.
      guard features > 1 else { return nil }
      let shape: Shape = isLast ? [features] : g.last.shape
      return g.node(
        "LayerNormalization", [g.constant(shape)] + (g.flip() ? [g.constant(shape)] : []),
        [
          "epsilon": .float(g.fraction(0.01...0.5)),
          "axis": .int(isLast ? (g.flip() ? -1 : g.last.shape.rank - 1) : 0),
        ])
    },
    "Transpose": { g in
      let rank = g.last.shape.rank
      guard rank > 2 else { return g.node("Transpose", [], ["perm": .ints(Array(0..<rank))]) }
      let orders = [
        [0] + Array(2..<rank) + [1], [0, rank - 1] + Array(1..<rank - 1),
        (0..<rank).shuffled(using: &g.random),
      ]
      return g.node("Transpose", [], ["perm": .ints(orders[g.number(0...2)])])
    },
    "Relu": { $0.node("Relu") },
    "Clip": { g in
      let (lower, upper) = (g.fraction(-1...0), g.fraction(0.1...1))
      if g.flip() {
        return g.node("Clip", [], ["min": .float(lower), "max": .float(upper)], opset: 6)
      }
      return g.node("Clip", [g.constant([], in: lower...lower), g.constant([], in: upper...upper)])
    },
    "Sigmoid": { $0.node("Sigmoid") },
    "Swish": { g in g.node("Swish", [], ["alpha": .float(g.fraction(0.5...2))], opset: 24) },
    "HardSigmoid": { g in
      g.node(
        "HardSigmoid", [],
        ["alpha": .float(g.fraction(0.1...0.5)), "beta": .float(g.fraction(0.3...0.7))])
    },
    "HardSwish": { $0.node("HardSwish") },
    "LeakyRelu": { g in g.node("LeakyRelu", [], ["alpha": .float(g.fraction(0.05...0.5))]) },
    "Gelu": { g in
      g.node("Gelu", [], g.flip() ? [:] : ["approximate": .string("tanh")], opset: 20)
    },
    "Mish": { $0.node("Mish") },
    "Add": { arithmetic("Add", &$0) }, "Sub": { arithmetic("Sub", &$0) },
    "Mul": { arithmetic("Mul", &$0) }, "Div": { arithmetic("Div", &$0) },
    "Concat": { g in
      let shape = g.last.shape
      let fitting = g.values.dropLast().filter { other in
        shape.rank > 1 && other.shape.rank == shape.rank
          && shape.dimensions.indices.allSatisfy { $0 == 1 || other.shape[$0] == shape[$0] }
      }
      guard let other = fitting.randomElement(using: &g.random) else { return nil }
      return g.node("Concat", [other.name], ["axis": .int(g.flip() ? 1 : 1 - shape.rank)])
    },
    "Identity": { $0.node("Identity") }, "Dropout": { $0.node("Dropout") },
    "Flatten": { g in g.node("Flatten", [], ["axis": .int(g.number(0...g.last.shape.rank))]) },
    "Reshape": { g in
      let shape = g.last.shape
      guard shape.rank > 1 else { return nil }
      let wanted = [[0, -1], [0, 0, -1], [shape[0], -1, 1, shape[-1]], [-1, shape[-1]]]
      return g.node("Reshape", [g.integers(wanted[g.number(0...3)])])
    },
    "Squeeze": { g in
      let ones = g.last.shape.dimensions.indices.filter { $0 > 0 && g.last.shape[$0] == 1 }
      return ones.isEmpty ? nil : g.node("Squeeze", [g.integers(ones)])
    },
    "Unsqueeze": { g in
      guard g.last.shape.rank < 4 else { return nil }
      return g.node("Unsqueeze", [], ["axes": .ints([g.number(0...g.last.shape.rank)])], opset: 11)
    },
  ]

  private static func convolution(_ g: inout RandomBlockGraph) -> Node? {
    let shape = g.last.shape
    guard shape.rank > 2 else { return nil }
    let divisors = (1...shape[1]).filter(shape[1].isMultiple)
    let groups = g.flip() ? 1 : divisors[g.number(0...(divisors.count - 1))]
    let filters = groups * g.number(1...max(1, 49 / groups))
    let sizes = (2..<shape.rank).map { _ in g.number(1...4) }
    let inputs = shape[1] / groups
    let weights = g.weights(
      Shape([filters, inputs] + sizes), inputs: inputs * sizes.reduce(1, *))
    var attributes = g.window(sizes, dilations: true)
    attributes["group"] = .int(groups)
    return g.node("Conv", [weights] + (g.flip() ? [g.constant([filters])] : []), attributes)
  }

  private static func transposedConvolution(_ g: inout RandomBlockGraph) -> Node? {
    let shape = g.last.shape
    guard shape.rank > 2 else { return nil }
    let divisors = (1...shape[1]).filter(shape[1].isMultiple)
    let groups = g.flip() ? 1 : divisors[g.number(0...(divisors.count - 1))]
    let filters = g.number(1...max(1, 33 / groups))
    let sizes = (2..<shape.rank).map { _ in g.number(1...4) }
    let weights = g.weights(
      Shape([shape[1], filters] + sizes), inputs: shape[1] / groups * sizes.reduce(1, *))
    var attributes = g.window(sizes, dilations: true)
    attributes["auto_pad"] = nil
    attributes["group"] = .int(groups)
    if case .ints(let strides)? = attributes["strides"], g.flip() {
      attributes["output_padding"] = .ints(strides.map { g.number(0...($0 - 1)) })
    }
    let bias = g.flip() ? [g.constant([filters * groups])] : []
    return g.node("ConvTranspose", [weights] + bias, attributes)
  }

  private static func pool(_ type: String, _ g: inout RandomBlockGraph) -> Node? {
    guard g.last.shape.rank > 2 else { return nil }
    let sizes = (2..<g.last.shape.rank).map { _ in g.number(1...4) }
    var attributes = g.window(sizes, dilations: true)
    // A dilated window may see nothing but padding, whose largest is −∞.
    if type == "MaxPool" {
      switch attributes["auto_pad"] {
      case .string("VALID")?: break
      default: attributes["dilations"] = nil
      }
    }
    attributes["kernel_shape"] = .ints(sizes)
    attributes["ceil_mode"] = .int(g.number(0...1))
    if type == "AveragePool" { attributes["count_include_pad"] = .int(g.number(0...1)) }
    return g.node(type, [], attributes, opset: 22)
  }

  /// Strides, dilations and padding, less than the window is wide, of a window.
  private mutating func window(_ sizes: [Int], dilations: Bool) -> [String: Attribute] {
    var attributes: [String: Attribute] = [:]
    attributes["strides"] = .ints(sizes.map { _ in number(1...3) })
    if dilations, flip() { attributes["dilations"] = .ints(sizes.map { _ in number(1...2) }) }
    if number(0...5) == 0 {
      attributes["auto_pad"] = .string(["SAME_UPPER", "SAME_LOWER", "VALID"][number(0...2)])
    } else {
      attributes["pads"] = .ints((sizes + sizes).map { number(0...($0 - 1)) })
    }
    return attributes
  }

  private static func gemm(_ g: inout RandomBlockGraph) -> Node? {
    let shape = g.last.shape
    guard shape.rank == 2 else { return nil }
    let outputs = g.number(1...49)
    let isTransposed = g.flip()
    let weights = g.weights(
      isTransposed ? [outputs, shape[1]] : [shape[1], outputs], inputs: shape[1])
    let bias = g.flip() ? [g.constant(g.flip() ? [outputs] : [1])] : []
    return g.node(
      "Gemm", [weights] + bias,
      [
        "transB": .int(isTransposed ? 1 : 0), "alpha": .float(g.fraction(0.5...2)),
        "beta": .float(g.fraction(0.5...2)),
      ])
  }

  private static func matmul(_ g: inout RandomBlockGraph) -> Node? {
    let shape = g.last.shape
    guard shape.rank > 1 else { return nil }
    return g.node("MatMul", [g.weights([shape[-1], g.number(1...49)], inputs: shape[-1])])
  }

  /// With a constant for all or one a channel, with another value, or with one pixel.
  private static func arithmetic(_ type: String, _ g: inout RandomBlockGraph) -> Node? {
    let shape = g.last.shape
    let others = g.values.filter { other in
      other.shape == shape
        || (other.shape.rank == 4 && shape.rank == 4
          && other.shape.dimensions[..<2] == shape.dimensions[..<2]
          && other.shape[2] * other.shape[3] == 1)
    }
    if type != "Div", g.flip(), let other = others.randomElement(using: &g.random) {
      return g.node(type, [other.name])
    }
    let perChannel =
      shape.rank == 4 && g.flip() ? Shape([shape[1], 1, 1]) : g.flip() ? Shape([shape[-1]]) : []
    let constant = g.constant(perChannel, in: 0.5...2)
    var node = g.node(type, [constant])
    if type != "Div", g.flip() { node.inputs.reverse() }
    return node
  }
}
