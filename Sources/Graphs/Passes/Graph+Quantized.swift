import Autodiff
import Blocks
import Tensors

extension Graph {
  /// The same graph with operators on quantized numbers as the floating-point operators that they stand for,
  /// between a DequantizeLinear for each input and a QuantizeLinear of the result.
  ///
  /// Gradients then pass quantization straight through. Weights are dequantized here; what is left out of an
  /// operator's inputs, or is no constant where it has to be, leaves the node as it is.
  package func dequantizing() -> Graph {
    guard nodes.contains(where: { Self.quantized[$0.type] != nil }) else { return self }
    var graph = self
    graph.nodes = []
    let dynamic = Set(nodes.filter { $0.type == "DynamicQuantizeLinear" }.flatMap(\.outputs))
    for node in nodes {
      guard let rewrite = Self.quantized[node.type],
        !outputs.contains(node.outputs.first ?? "")
          || node.type != "DequantizeLinear"
      else {
        graph.nodes.append(node)
        continue
      }
      var rewriting = Rewriting(node: node, constants: graph.constants, dynamic: dynamic)
      if rewrite(&rewriting) {
        for i in rewriting.nodes.indices { rewriting.nodes[i].conditions = node.conditions }
        graph.nodes += rewriting.nodes
        graph.constants = rewriting.constants
      } else {
        graph.nodes.append(node)
      }
    }
    return graph
  }

  /// How each operator is rewritten; false where it cannot be.
  private static let quantized: [String: @Sendable (inout Rewriting) -> Bool] = [
    "QLinearConv": { $0.convolution() },
    "com.microsoft.QLinearConv": { $0.convolution() },
    "QLinearMatMul": { $0.joined("MatMul") },
    "com.microsoft.QLinearAdd": { $0.joined("Add") },
    "com.microsoft.QLinearMul": { $0.joined("Mul") },
    "com.microsoft.QLinearGlobalAveragePool": { $0.single("GlobalAveragePool") },
    "com.microsoft.QLinearAveragePool": { $0.single("AveragePool") },
    "com.microsoft.QLinearSigmoid": { $0.single("Sigmoid") },
    "com.microsoft.QLinearLeakyRelu": { $0.single("LeakyRelu") },
    "com.microsoft.QLinearSoftmax": { $0.single("Softmax") },
    "com.microsoft.QLinearConcat": { $0.concatenation() },
    "com.microsoft.QGemm": { $0.gemm() },
    "ConvInteger": { $0.integers("Conv") },
    "MatMulInteger": { $0.integers("MatMul") },
    "DequantizeLinear": { $0.weights() },
    "com.microsoft.DynamicQuantizeLSTM": { $0.longShortTermMemory() },
  ]
}

/// A node on quantized numbers on its way to several on floating-point numbers.
private struct Rewriting {
  let node: Node
  var constants: [String: Constant]
  /// Values that are quantized by their own range, with that scale and zero point: one number each.
  let dynamic: Set<String>
  var nodes: [Node] = []

  init(node: Node, constants: [String: Constant], dynamic: Set<String>) {
    (self.node, self.constants, self.dynamic) = (node, constants, dynamic)
  }

  private var output: String { node.outputs.first ?? "" }

  private mutating func add(
    _ type: String, _ inputs: [String], to name: String, _ attributes: [String: Attribute] = [:]
  ) -> String {
    let isLast = name == output
    nodes.append(
      Node(
        type, name: isLast ? node.name : name, inputs: inputs, outputs: [name],
        attributes: attributes, opset: max(node.opset, 13)))
    return name
  }

  /// The floating-point numbers behind the inputs at three positions: numbers, scale, zero point.
  private mutating func dequantized(at position: Int, axis: Int = 1) -> String? {
    guard let value = node.input(position), let scale = node.input(position + 1) else { return nil }
    let zero = node.input(position + 2).map { [$0] } ?? []
    let name = "\(output), input \(position) dequantized"
    guard let stored = constants[value]?.apart, let scales = constants[scale]?.tensor else {
      return add(
        "DequantizeLinear", [value, scale] + zero, to: name, ["axis": .int(axis)])
    }
    let zeros = zero.first.flatMap { constants[$0]?.tensor }
    guard zero.isEmpty || zeros != nil else { return nil }
    let shape = stored.shape
    guard let scales = along(axis, of: shape, scales),
      let zeros = along(axis, of: shape, zeros ?? Tensor(0))
    else { return nil }
    constants[name] = Constant(shape, of: .float) { (stored.tensor - zeros) * scales }
    return name
  }

  /// One parameter for all, or one a slice of an axis, in a shape that broadcasts; nil where it fits neither.
  private func along(_ axis: Int, of shape: Shape, _ parameter: Tensor) -> Tensor? {
    if parameter.count == 1 { return parameter.reshaped([]) }
    let axis = axis < 0 ? axis + shape.rank : axis
    guard (0..<shape.rank).contains(axis), parameter.count == shape[axis] else { return nil }
    return parameter.reshaped(
      Shape([parameter.count] + [Int](repeating: 1, count: shape.rank - axis - 1)))
  }

  /// Quantizes the last value with the scale and the zero point at two positions.
  private mutating func quantize(_ value: String, at position: Int) -> Bool {
    guard let scale = node.input(position) else { return false }
    let zero = node.input(position + 1).map { [$0] } ?? []
    _ = add("QuantizeLinear", [value, scale] + zero, to: output)
    return true
  }

  private var attributes: [String: Attribute] {
    node.attributes.filter { $0.key != "channels_last" && $0.key != "opset" }
  }

  // MARK: Kinds

  /// Inputs x, w and y, and a bias in units of both scales; of x and y the channels may come last.
  mutating func convolution() -> Bool {
    guard let x = dequantized(at: 0), let weights = dequantized(at: 3, axis: 0),
      let axes = constants[weights]?.shape.rank, axes > 2
    else { return false }
    let isLast = node.int("channels_last", default: 0) != 0
    let places = Array(1..<axes - 1)
    let first = ["perm": Attribute.ints([0, axes - 1] + places)]
    var inputs = [
      isLast ? add("Transpose", [x], to: "\(output), input turned", first) : x, weights,
    ]
    if let name = node.input(8) {
      guard let bias = constants[name]?.tensor,
        let scale = node.input(1).flatMap({ constants[$0] }),
        let own = node.input(4).flatMap({ constants[$0] }), scale.count == 1
      else { return false }
      constants["\(output), bias"] = Constant(bias * scale.tensor.scalars[0] * own.tensor.flat)
      inputs.append("\(output), bias")
    }
    var result = add("Conv", inputs, to: "\(output), floats", attributes)
    if isLast {
      let last = ["perm": Attribute.ints([0] + places.map { $0 + 1 } + [1])]
      result = add("Transpose", [result], to: "\(output), floats turned", last)
    }
    return quantize(result, at: 6)
  }

  /// Inputs a, b and y.
  mutating func joined(_ type: String) -> Bool {
    guard let a = dequantized(at: 0, axis: 0), let b = dequantized(at: 3, axis: -1) else {
      return false
    }
    return quantize(add(type, [a, b], to: "\(output), floats"), at: 6)
  }

  /// Inputs x and y.
  mutating func single(_ type: String) -> Bool {
    guard node.int("channels_last", default: 0) == 0, let x = dequantized(at: 0) else {
      return false
    }
    return quantize(add(type, [x], to: "\(output), floats", attributes), at: 3)
  }

  /// The result's scale and zero point, then three inputs a part.
  mutating func concatenation() -> Bool {
    guard node.inputs.count > 2, (node.inputs.count - 2).isMultiple(of: 3) else { return false }
    var parts: [String] = []
    for position in stride(from: 2, to: node.inputs.count, by: 3) {
      guard let part = dequantized(at: position) else { return false }
      parts.append(part)
    }
    return quantize(add("Concat", parts, to: "\(output), floats", attributes), at: 0)
  }

  /// Inputs a, b, bias and, where the result is quantized, y.
  mutating func gemm() -> Bool {
    let transposed = node.int("transB", default: 0) != 0
    guard let a = dequantized(at: 0), let b = dequantized(at: 3, axis: transposed ? 0 : -1) else {
      return false
    }
    var inputs = [a, b]
    if let name = node.input(6) {
      guard let bias = constants[name]?.tensor,
        let scale = node.input(1).flatMap({ constants[$0] }),
        let own = node.input(4).flatMap({ constants[$0] }), scale.count == 1
      else { return false }
      let alpha = node.float("alpha", default: 1)
      constants["\(output), bias"] = Constant(
        bias * (scale.tensor.scalars[0] * alpha) * own.tensor.flat)
      inputs.append("\(output), bias")
    }
    guard node.input(7) != nil else {
      _ = add("Gemm", inputs, to: output, attributes)
      return true
    }
    return quantize(add("Gemm", inputs, to: "\(output), floats", attributes), at: 7)
  }

  /// Inputs a, b and their zero points; the result is a whole number.
  mutating func integers(_ type: String) -> Bool {
    guard let a = node.input(0), let b = node.input(1) else { return false }
    func shifted(_ value: String, _ position: Int, axis: Int) -> String? {
      guard let zero = node.input(position) else { return value }
      let name = "\(output), input \(position - 2) from its zero"
      if let stored = constants[value]?.apart, let zeros = constants[zero]?.tensor {
        guard let zeros = along(axis, of: stored.shape, zeros) else { return nil }
        constants[name] = Constant(stored.shape, of: .int64) { stored.tensor - zeros }
        return name
      }
      // Of one that is computed in another way, nothing says whether it is one a channel.
      guard constants[zero]?.count == 1 || dynamic.contains(zero) else { return nil }
      return add("Sub", [value, zero], to: name)
    }
    guard let first = shifted(a, 2, axis: 0),
      let second = shifted(b, 3, axis: type == "Conv" ? 0 : -1)
    else { return false }
    _ = add(type, [first, second], to: output, attributes)
    return true
  }

  /// Weights by themselves: a constant whose numbers are made when they are asked for.
  mutating func weights() -> Bool {
    guard let name = node.input(0), let stored = constants[name]?.apart,
      let scaleName = node.input(1), let scale = constants[scaleName]?.apart
    else { return false }
    // The two may be one constant.
    let known = Dictionary([(name, stored), (scaleName, scale)]) { $1 }
    let call = TapeCall(node: node, constants: known)
    func layout(_ parameter: Constant) -> QuantizationLayout? {
      // What does not fit is said where it is run.
      try? QuantizationLayout(call, parameter: parameter.shape, for: stored.shape)
    }
    guard let scales = layout(scale) else { return false }
    guard let zeroName = node.input(2) else {
      constants[output] = Constant(stored.shape, of: .float) {
        stored.tensor * scales.spread(Variable(scale.tensor)).value
      }
      return true
    }
    guard let zero = constants[zeroName]?.apart, let zeros = layout(zero) else { return false }
    constants[output] = Constant(stored.shape, of: .float) {
      (stored.tensor - zeros.spread(Variable(zero.tensor)).value)
        * scales.spread(Variable(scale.tensor)).value
    }
    return true
  }

  /// Inputs of LSTM, whose two matrices are turned, with a scale and a zero point for each direction, or for each of a
  /// direction's gates.
  mutating func longShortTermMemory() -> Bool {
    func weights(_ position: Int, scaledBy place: Int) -> String? {
      guard let stored = node.input(position).flatMap({ constants[$0]?.apart }),
        stored.shape.rank == 3,
        let scales = node.input(place).flatMap({ constants[$0]?.tensor }),
        let zeros = node.input(place + 1).flatMap({ constants[$0]?.tensor })
      else { return nil }
      func spread(_ parameter: Tensor) -> Tensor? {
        let directions = stored.shape[0]
        if parameter.count == directions { return parameter.reshaped([directions, 1, 1]) }
        guard parameter.count == directions * stored.shape[2] else { return nil }
        return parameter.reshaped([directions, 1, stored.shape[2]])
      }
      guard let scales = spread(scales), let zeros = spread(zeros) else { return nil }
      let name = "\(node.outputs.first { !$0.isEmpty } ?? ""), input \(position) dequantized"
      let shape = stored.shape
      constants[name] = Constant([shape[0], shape[2], shape[1]], of: .float) {
        ((stored.tensor - zeros) * scales).transposed([0, 2, 1])
      }
      return name
    }
    guard let first = weights(1, scaledBy: 8), let second = weights(2, scaledBy: 10) else {
      return false
    }
    var inputs = Array(node.inputs.prefix(8))
    (inputs[1], inputs[2]) = (first, second)
    nodes.append(
      Node(
        "LSTM", name: node.name, inputs: inputs, outputs: node.outputs,
        attributes: node.attributes, opset: 14))
    return true
  }
}

extension Tensor {
  /// The same scalars along one axis; one scalar as it is.
  fileprivate var flat: Tensor { count == 1 ? reshaped([]) : reshaped([count]) }
}
