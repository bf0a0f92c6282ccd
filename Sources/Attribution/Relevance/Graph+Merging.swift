import Networks
import Tensors

extension Graph {
  /// The same graph with `Constant` nodes as constants, and with batch norms and arithmetic with constants
  /// taken into the weights of the convolution or matrix product before them.
  ///
  /// A rule that shares relevance out in proportion to `W x + b` has to see the whole `W` and `b`.
  ///
  /// - Parameters:
  ///   - kept: Values that have to stay.
  ///   - shapes: The shapes of the graph's values.
  /// - Returns: A graph that computes the same but for the values that were merged away.
  func mergingAffine(keeping kept: Set<String>, shapes: [String: Shape]) -> Graph {
    var result = collectingConstants()
    let nodes = result.nodes
    var readers: [String: Int] = [:]
    for input in nodes.flatMap(\.inputs) + outputs { readers[input, default: 0] += 1 }
    var linear: [String: Int] = [:]  // a value → the place of the node in `merged` that makes it
    var merged: [Node] = []
    for node in nodes {
      if let source = node.inputs.first(where: { linear[$0] != nil }), readers[source] == 1,
        !kept.contains(source), let place = linear[source], let shape = shapes[source],
        let affine = result.affine(node, of: source, shape),
        let whole = result.appending(affine, to: merged[place], output: node.outputs[0])
      {
        merged[place] = whole
        linear[node.outputs[0]] = place
        continue
      }
      if node.isLinear(shapes) { linear[node.outputs[0]] = merged.count }
      merged.append(node)
    }
    // A merged node stands where its product stood, before everything that reads what it makes now.
    result.nodes = merged
    return result
  }

  private func collectingConstants() -> Graph {
    var result = self
    result.nodes = []
    for node in nodes {
      if node.type == "Constant", case .constant(let constant)? = node.attributes["value"] {
        result.constants[node.outputs[0]] = constant
      } else {
        result.nodes.append(node)
      }
    }
    return result
  }

  /// What a node does to each channel of one of its inputs, if that is `scale · x + shift`.
  private func affine(
    _ node: Node, of source: String, _ shape: Shape
  ) -> (scale: [Float], shift: [Float])? {
    guard shape.rank >= 2 else { return nil }
    let ones = [Float](repeating: 1, count: shape[1])
    let zeros = [Float](repeating: 0, count: shape[1])
    if node.type == "BatchNormalization" {
      let parameters = (1...4).compactMap {
        node.input($0).flatMap { constants[$0]?.tensor.scalars }
      }
      guard parameters.count == 4, node.inputs[0] == source else { return nil }
      let epsilon = Double(node.float("epsilon", default: 1e-5))
      let scale = ones.indices.map {
        Float(Double(parameters[0][$0]) / (Double(parameters[3][$0]) + epsilon).squareRoot())
      }
      return (scale, ones.indices.map { parameters[1][$0] - parameters[2][$0] * scale[$0] })
    }
    guard node.inputs.count == 2, let place = node.inputs.firstIndex(of: source),
      let constant = constants[node.inputs[1 - place]]?.tensor,
      let values = constant.perChannel(shape)
    else { return nil }
    switch (node.type, place) {
    case ("Add", _): return (ones, values)
    case ("Sub", 0): return (ones, values.map { -$0 })
    case ("Mul", _): return (values, zeros)
    case ("Div", 0): return (values.map { 1 / $0 }, zeros)
    default: return nil
    }
  }

  /// A linear node followed by `scale · x + shift`, with constants of its own.
  private mutating func appending(
    _ affine: (scale: [Float], shift: [Float]), to node: Node, output: String
  ) -> Node? {
    guard var weights = constants[node.inputs[1]]?.tensor else { return nil }
    let (scale, shift) = affine
    let rows = node.type == "Conv" || node.int("transB", default: 0) != 0
    let outputs = rows ? weights.shape[0] : weights.shape[weights.shape.rank - 1]
    guard outputs == scale.count else { return nil }
    var bias = [Float](repeating: 0, count: outputs)
    if let name = node.input(2) {
      guard let old = constants[name]?.tensor, old.count == outputs || old.count == 1 else {
        return nil
      }
      let beta = node.type == "Gemm" ? node.float("beta", default: 1) : 1
      bias = bias.indices.map { beta * old.scalars[old.count == 1 ? 0 : $0] }
    }
    let each = weights.count / outputs
    weights.withUnsafeMutableBufferPointer { weights in
      for i in weights.indices { weights[i] *= scale[rows ? i / each : i % outputs] }
    }
    var result = node
    if node.type == "MatMul" { result.type = "Gemm" }
    result.attributes["beta"] = nil
    result.inputs = [node.inputs[0], "\(output).weights", "\(output).bias"]
    result.outputs = [output]
    constants[result.inputs[1]] = Constant(weights)
    constants[result.inputs[2]] = Constant(
      Tensor([outputs], bias.indices.map { bias[$0] * scale[$0] + shift[$0] }))
    return result
  }
}

extension Node {
  /// Whether the node is a product that arithmetic after it can be merged into.
  fileprivate func isLinear(_ shapes: [String: Shape]) -> Bool {
    switch type {
    case "Conv": true
    case "Gemm": int("transA", default: 0) == 0
    case "MatMul": shapes[inputs[0]]?.rank == 2
    default: false
    }
  }
}

extension Tensor {
  /// One value a channel, where the tensor broadcasts over a shape and varies along its channels alone.
  fileprivate func perChannel(_ over: Shape) -> [Float]? {
    let channels = over[1]
    if count == 1, shape.rank <= over.rank {
      return [Float](repeating: scalars[0], count: channels)
    }
    let axis = shape.rank - over.rank + 1
    guard axis >= 0, shape.rank <= over.rank, shape[axis] == channels, count == channels else {
      return nil
    }
    return scalars
  }
}
