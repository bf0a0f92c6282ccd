import Networks
import Tensors

extension Graph {
  /// The same graph with batch norms and arithmetic with constants taken into the weights of the
  /// convolution or matrix product before them.
  ///
  /// A rule that shares relevance out in proportion to `W x + b` has to see the whole `W` and `b`.
  ///
  /// - Parameters:
  ///   - kept: Values that have to stay.
  ///   - shapes: The shapes of the graph's values.
  /// - Returns: A graph that computes the same but for the values that were merged away.
  func mergingAffine(keeping kept: Set<String>, shapes: [String: Shape]) -> Graph {
    var result = self
    let nodes = result.nodes.map { result.foldingFactors(of: $0) }
    var readers: [String: Int] = [:]
    for input in nodes.flatMap(\.inputs) + outputs { readers[input, default: 0] += 1 }
    var linear: [String: Int] = [:]  // a value → the place of the node in `merged` that makes it
    var merged: [Node] = []
    for node in nodes {
      if let source = node.inputs.first(where: { linear[$0] != nil }), readers[source] == 1,
        !kept.contains(source), let place = linear[source], let shape = shapes[source],
        let affine = TapeCall(node: node, constants: result.constants).affine(of: source, shape),
        let whole = result.appending(affine, to: merged[place], output: node.outputs[0])
      {
        merged[place] = whole
        linear[node.outputs[0]] = place
        continue
      }
      if isLinear(node, shapes) { linear[node.outputs[0]] = merged.count }
      merged.append(node)
    }
    // A merged node stands where its product stood, before everything that reads what it makes now.
    result.nodes = merged
    return result
  }

  /// A matrix product with its factors taken into weights and bias of its own: a rule goes by the sign of
  /// both together.
  private mutating func foldingFactors(of node: Node) -> Node {
    let (alpha, beta) = (node.float("alpha", default: 1), node.float("beta", default: 1))
    guard node.type == "Gemm", alpha != 1 || beta != 1, node.inputs.count > 1,
      let weights = constants[node.inputs[1]], node.input(2).map({ constants[$0] != nil }) ?? true
    else { return node }
    var result = node
    (result.attributes["alpha"], result.attributes["beta"]) = (nil, nil)
    result.inputs[1] = "\(node.outputs[0]).weights"
    constants[result.inputs[1]] = Constant(weights.tensor * alpha)
    if let name = node.input(2), let bias = constants[name] {
      result.inputs[2] = "\(node.outputs[0]).bias"
      constants[result.inputs[2]] = Constant(bias.tensor * beta)
    }
    return result
  }

  /// A linear node followed by `scale · x + shift`, with constants of its own.
  private mutating func appending(
    _ affine: ChannelAffine, to node: Node, output: String
  ) -> Node? {
    guard var weights = constants[node.inputs[1]]?.tensor else { return nil }
    let (scale, shift) = (affine.scale, affine.shift)
    let rows = role(of: node).isConvolution || node.int("transB", default: 0) != 0
    let outputs = rows ? weights.shape[0] : weights.shape[weights.shape.rank - 1]
    guard outputs == scale.count else { return nil }
    var bias = [Float](repeating: 0, count: outputs)
    if let name = node.input(2) {
      guard let old = constants[name]?.tensor, old.count == outputs || old.count == 1 else {
        return nil
      }
      bias = bias.indices.map { old.scalars[old.count == 1 ? 0 : $0] }
    }
    let each = weights.count / outputs
    weights.withUnsafeMutableBufferPointer { weights in
      for i in weights.indices { weights[i] *= scale[rows ? i / each : i % outputs] }
    }
    var result = node
    if node.type == "MatMul" { result.type = "Gemm" }
    result.inputs = [node.inputs[0], "\(output).weights", "\(output).bias"]
    result.outputs = [output]
    constants[result.inputs[1]] = Constant(weights)
    constants[result.inputs[2]] = Constant(
      Tensor([outputs], bias.indices.map { bias[$0] * scale[$0] + shift[$0] }))
    return result
  }

  /// Whether a node is a product that arithmetic after it can be merged into.
  private func isLinear(_ node: Node, _ shapes: [String: Shape]) -> Bool {
    switch role(of: node) {
    case .linear(.convolution): true
    case .linear(.matrixProduct):
      shapes[node.inputs[0]]?.rank == 2 && node.int("transA", default: 0) == 0
    default: false
    }
  }
}
