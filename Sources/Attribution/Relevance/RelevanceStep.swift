import Networks

/// What becomes of a node's relevance.
enum RelevanceStep {
  /// A rule shares it out to the first input, with the weights in the second and the bias in the third.
  case rule(RelevanceRule, weights: String?, bias: String?)
  /// It passes to an input as it is, under the shape of that.
  case pass(to: String)
  /// It goes where the gradient goes.
  case gradient
  /// A sum's inputs get it in proportion to what they add.
  case sum
  /// A concatenation's inputs get their parts.
  case split(axis: Int)
}

extension RelevanceStep {
  /// The step for a node; `nil` where there is no rule.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - data: The node's inputs that depend on the network's input.
  ///   - graph: The graph.
  ///   - composite: The rules.
  ///   - isFirst: Whether no convolution comes before the node.
  init?(
    _ node: Node, data: [String], in graph: Graph, _ composite: LayerwiseRelevance.Composite,
    isFirst: Bool
  ) {
    switch node.type {
    case "Conv", "ConvTranspose", "Gemm", "MatMul":
      guard data == [node.inputs[0]], graph.constants[node.inputs[1]] != nil else { return nil }
      self = .rule(
        node.isConvolution
          ? (isFirst ? composite.first : nil) ?? composite.convolution : composite.linear,
        weights: node.inputs[1], bias: node.type == "MatMul" ? nil : node.input(2))
    case "AveragePool", "GlobalAveragePool", "ReduceMean", "ReduceSum":
      guard data == [node.inputs[0]] else { return nil }
      self = .rule(.epsilon(), weights: nil, bias: nil)
    case "MaxPool", "GlobalMaxPool", "ReduceMax", "Transpose", "Slice", "Split", "Pad", "Resize",
      "Upsample", "Gather", "DepthToSpace", "SpaceToDepth", "Expand":
      guard data == [node.inputs[0]] else { return nil }
      self = .gradient
    case "Add", "Sub", "Sum":
      if data.count == 1 { self = .pass(to: data[0]) } else { self = .sum }
    case "Concat":
      guard data.count == node.inputs.count else { return nil }
      self = .split(axis: node.int("axis", default: 1))
    case "Mul", "Div":
      guard let signal = Self.signal(node, data, graph) else { return nil }
      self = .pass(to: signal)
    default:
      guard Self.elementwise.contains(node.type), data.count == 1 else { return nil }
      self = .pass(to: data[0])
    }
  }

  /// Operators on single elements, and those that only change the shape.
  private static let elementwise: Set = [
    "Relu", "LeakyRelu", "PRelu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Elu",
    "Selu", "Celu", "Gelu", "Mish", "Softplus", "Softsign", "ThresholdedRelu", "Softmax",
    "LogSoftmax", "BatchNormalization", "LRN", "Identity", "Dropout", "Cast", "Neg", "Flatten",
    "Reshape", "Squeeze", "Unsqueeze",
  ]

  /// The input of a product that the gate or the constant beside it only scales.
  private static func signal(_ node: Node, _ data: [String], _ graph: Graph) -> String? {
    if data.count == 1 { return node.type == "Mul" || data[0] == node.inputs[0] ? data[0] : nil }
    guard node.type == "Mul", data.count == 2 else { return nil }
    let gates = data.filter { isGate($0, graph) }
    return gates.count == 1 ? data.first { $0 != gates[0] } : nil
  }

  /// Whether a value is a sigmoid, or the `clip(x + 3, 0, 6) / 6` that stands for one.
  private static func isGate(_ value: String, _ graph: Graph) -> Bool {
    guard let node = graph.producer(of: value) else { return false }
    switch node.type {
    case "Sigmoid", "HardSigmoid": return true
    case "Div", "Mul":
      return node.inputs.contains { graph.producer(of: $0)?.type == "Clip" }
        && node.inputs.contains { graph.constants[$0] != nil }
    default: return false
    }
  }
}

extension Node {
  /// Whether the node follows the rule of convolutions.
  var isConvolution: Bool { type == "Conv" || type == "ConvTranspose" }
}

extension Graph {
  /// The node that makes a value.
  fileprivate func producer(of value: String) -> Node? {
    nodes.first { $0.outputs.contains(value) }
  }
}
