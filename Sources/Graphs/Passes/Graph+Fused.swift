import Tensors

extension Graph {
  /// The same graph with what ONNX Runtime's optimizer puts together (domain `com.microsoft`) taken apart again
  /// into ONNX's own operators.
  ///
  /// What the parts cannot say (masks, caches, packed queries) leaves the node as it is.
  package func unfusing() -> Graph {
    guard nodes.contains(where: { Self.fused[$0.type] != nil }) else { return self }
    var graph = self
    graph.nodes = []
    for node in nodes {
      var parts = FusedParts(node: node, constants: graph.constants)
      guard let unfuse = Self.fused[node.type], unfuse(&parts) else {
        graph.nodes.append(node)
        continue
      }
      for i in parts.nodes.indices { parts.nodes[i].conditions = node.conditions }
      graph.nodes += parts.nodes
      graph.constants = parts.constants
    }
    return graph
  }

  /// How each operator is taken apart; false where it cannot be.
  private static let fused: [String: @Sendable (inout FusedParts) -> Bool] = [
    "com.microsoft.FusedConv": { $0.convolution() },
    "com.microsoft.FusedGemm": { $0.gemm() },
    "com.microsoft.FusedMatMul": { $0.matrixProduct() },
    "com.microsoft.SkipLayerNormalization": { $0.skip("LayerNormalization", hasShift: true) },
    "com.microsoft.SkipSimplifiedLayerNormalization": {
      $0.skip("RMSNormalization", hasShift: false)
    },
    "com.microsoft.MultiHeadAttention": { $0.multiHeadAttention() },
    "com.microsoft.Attention": { $0.attention() },
    "com.microsoft.MatMulNBits": { $0.packedProduct() },
    "com.microsoft.NhwcMaxPool": { $0.channelsLastPool() },
  ]
}

/// A node on its way to several.
struct FusedParts {
  let node: Node
  var constants: [String: Constant]
  var nodes: [Node] = []

  init(node: Node, constants: [String: Constant]) {
    (self.node, self.constants) = (node, constants)
  }

  var output: String { node.outputs.first ?? "" }

  /// Adds a node; the result of one without a name is only read here.
  mutating func add(
    _ type: String, _ inputs: [String], to name: String? = nil,
    _ attributes: [String: Attribute] = [:]
  ) -> String {
    let name = name ?? "\(output), part \(nodes.count)"
    nodes.append(
      Node(
        type, name: name == output ? node.name : name, inputs: inputs, outputs: [name],
        attributes: attributes, opset: 23))
    return name
  }

  mutating func stored(_ tensor: Tensor, isInteger: Bool = false) -> String {
    let name = "\(output), constant \(constants.count)"
    constants[name] = Constant(tensor, isInteger: isInteger)
    return name
  }

  // MARK: With an activation behind

  mutating func convolution() -> Bool {
    guard node.input(1) != nil else { return false }
    var inputs = Array(node.inputs.prefix(3))
    if inputs.last?.isEmpty == true { inputs.removeLast() }
    let kept: Set = ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"]
    let attributes = node.attributes.filter { kept.contains($0.key) }
    let parameters = floats("activation_params")
    var result = add("Conv", inputs, to: nil, attributes)
    if let addend = node.input(3) { result = add("Add", [result, addend]) }
    return activate(result, parameters)
  }

  mutating func gemm() -> Bool {
    let kept: Set = ["alpha", "beta", "transA", "transB"]
    let inputs = node.inputs.filter { !$0.isEmpty }
    let result = add("Gemm", inputs, to: nil, node.attributes.filter { kept.contains($0.key) })
    let parameters = ["activation_alpha", "activation_beta"].compactMap { name -> Float? in
      if case .float(let value)? = node.attributes[name] { value } else { nil }
    }
    return activate(result, parameters)
  }

  private func floats(_ name: String) -> [Float] {
    if case .floats(let values)? = node.attributes[name] { values } else { [] }
  }

  private mutating func activate(_ value: String, _ parameters: [Float]) -> Bool {
    let names: [String: [String]] = [
      "Relu": [], "Sigmoid": [], "Tanh": [], "LeakyRelu": ["alpha"], "Clip": ["min", "max"],
      "HardSigmoid": ["alpha", "beta"], "Elu": ["alpha"], "Softplus": [], "Softsign": [],
      "ThresholdedRelu": ["alpha"], "": [],
    ]
    let activation = node.string("activation", default: "")
    guard let names = names[activation], parameters.count <= names.count else { return false }
    let attributes = Dictionary(
      zip(names, parameters.map { Attribute.float($0) }), uniquingKeysWith: { first, _ in first })
    _ = add(activation.isEmpty ? "Identity" : activation, [value], to: output, attributes)
    // The limits were attributes before the eleventh operator set.
    if activation == "Clip" { nodes[nodes.count - 1].opset = 6 }
    return true
  }

  // MARK: Products

  mutating func matrixProduct() -> Bool {
    guard node.inputs.count == 2, node.int("transBatchA", default: 0) == 0,
      node.int("transBatchB", default: 0) == 0
    else { return false }
    let isTurned = ["transA", "transB"].map { node.int($0, default: 0) != 0 }
    let alpha = node.float("alpha", default: 1)
    let name = alpha == 1 ? output : nil
    let product: String
    if isTurned == [false, false] {
      product = add("MatMul", node.inputs, to: name)
    } else {
      let equation = "...\(isTurned[0] ? "ji" : "ij"),...\(isTurned[1] ? "kj" : "jk")->...ik"
      product = add("Einsum", node.inputs, to: name, ["equation": .string(equation)])
    }
    if alpha != 1 { _ = add("Mul", [product, stored(Tensor(alpha))], to: output) }
    return true
  }

  // MARK: Sums and what brings them to a common scale

  /// The sum of an input, what skips to it and a bias, normalized; the sum may be read as well.
  mutating func skip(_ type: String, hasShift: Bool) -> Bool {
    guard let input = node.input(0), let other = node.input(1), let scale = node.input(2),
      node.outputs.dropFirst().prefix(2).allSatisfy(\.isEmpty)
    else { return false }
    let whole = node.outputs.count > 3 && !node.outputs[3].isEmpty ? node.outputs[3] : nil
    let bias = node.input(hasShift ? 4 : 3)
    var sum = add("Add", [input, other], to: bias == nil ? whole : nil)
    if let bias { sum = add("Add", [sum, bias], to: whole) }
    let shift = hasShift ? node.input(3).map { [$0] } ?? [] : []
    _ = add(
      type, [sum, scale] + shift, to: output,
      ["axis": .int(-1), "epsilon": .float(node.float("epsilon", default: 1e-12))])
    return true
  }

  // MARK: Attention

  /// Queries, keys and values of their own, N×T×C each; without masks, caches and packed forms.
  mutating func multiHeadAttention() -> Bool {
    guard node.inputs.count >= 3, node.inputs.prefix(3).allSatisfy({ !$0.isEmpty }),
      node.inputs.dropFirst(4).allSatisfy(\.isEmpty), node.outputs.dropFirst().allSatisfy(\.isEmpty)
    else { return false }
    var parts = Array(node.inputs.prefix(3))
    if let name = node.input(3) {
      guard let bias = constants[name]?.tensor, bias.count.isMultiple(of: 3) else { return false }
      for (i, part) in split(bias, alongAxis: 0).enumerated() {
        parts[i] = add("Add", [parts[i], stored(part)])
      }
    }
    return attend(parts)
  }

  /// One input whose product with one matrix is queries, keys and values.
  mutating func attention() -> Bool {
    guard let input = node.input(0), let weights = node.input(1).flatMap({ constants[$0]?.tensor }),
      weights.shape.rank == 2, weights.shape[1].isMultiple(of: 3),
      node.inputs.dropFirst(3).allSatisfy(\.isEmpty),
      node.outputs.dropFirst().allSatisfy(\.isEmpty), node.ints("qkv_hidden_sizes") == nil,
      node.int("do_rotary", default: 0) == 0
    else { return false }
    let bias = node.input(2).flatMap { constants[$0]?.tensor }
    guard node.input(2) == nil || bias?.count == weights.shape[1] else { return false }
    let biases = bias.map { split($0, alongAxis: 0) }
    let parts = split(weights, alongAxis: 1).enumerated().map { i, part in
      let product = add("MatMul", [input, stored(part)])
      return biases.map { add("Add", [product, stored($0[i])]) } ?? product
    }
    return attend(parts)
  }

  private func split(_ tensor: Tensor, alongAxis axis: Int) -> [Tensor] {
    let each = tensor.shape[axis] / 3
    return (0..<3).map { tensor.gathered(Array($0 * each..<($0 + 1) * each), alongAxis: axis) }
  }

  private mutating func attend(_ parts: [String]) -> Bool {
    let heads = node.int("num_heads", default: 0)
    guard heads > 0 else { return false }
    var attributes: [String: Attribute] = [
      "q_num_heads": .int(heads), "kv_num_heads": .int(heads),
      "is_causal": .int(node.int("unidirectional", default: 0)),
    ]
    if let scale = node.attributes["scale"], node.float("scale", default: 0) != 0 {
      attributes["scale"] = scale
    }
    _ = add("Attention", parts, to: output, attributes)
    return true
  }
}
