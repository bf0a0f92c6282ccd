import Networks
import Tensors

extension Graph {
  /// The same graph with attention that is one operator written out as products and a softmax.
  ///
  /// Operators with a past, a causal mask, a window, a cap or fewer heads of keys than of queries stay as they are.
  ///
  /// - Parameter shapes: The shapes of the graph's values.
  /// - Returns: A graph that computes the same, up to rounding.
  func writingOutAttention(_ shapes: [String: Shape]) -> Graph {
    var result = self
    result.nodes = []
    for node in nodes {
      let parts = node.type == "Attention" ? result.attention(node, shapes) : nil
      result.nodes += parts ?? [node]
    }
    return result
  }

  /// One operator in parts; `nil` where it stays.
  private mutating func attention(_ node: Node, _ shapes: [String: Shape]) -> [Node]? {
    guard node.inputs.count >= 3, node.input(4) == nil, node.input(6) == nil,
      node.outputs.dropFirst().allSatisfy(\.isEmpty), node.int("is_causal", default: 0) == 0,
      node.int("left_window_size", default: -1) < 0,
      node.int("right_window_size", default: -1) < 0, node.float("softcap", default: 0) == 0,
      let shape = shapes[node.inputs[0]], shape.rank == 3 || shape.rank == 4
    else { return nil }
    let heads = shape.rank == 4 ? shape[1] : node.int("q_num_heads", default: 0)
    let others =
      shape.rank == 4 ? shapes[node.inputs[1]]?[1] : node.int("kv_num_heads", default: 0)
    guard heads > 0, heads == others, shape.rank == 4 || shape[2].isMultiple(of: heads) else {
      return nil
    }
    let features = shape.rank == 4 ? shape[3] : shape[2] / heads
    let name = node.outputs[0]
    var parts: [Node] = []
    func add(
      _ type: String, _ inputs: [String], to output: String, _ attributes: [String: Attribute] = [:]
    ) -> String {
      parts.append(
        Node(
          type, name: "\(node.title) \(output)", inputs: inputs, outputs: [output],
          attributes: attributes))
      return output
    }
    func split(_ position: Int, _ part: String, _ order: [Int]) -> String {
      var value = node.inputs[position]
      if shape.rank == 3 {
        value = add("Reshape", [value, "\(name).split"], to: "\(name).\(part).split")
      }
      let wanted = shape.rank == 3 ? order : order.map { [0: 0, 2: 1, 1: 2, 3: 3][$0] ?? $0 }
      if wanted == [0, 1, 2, 3] { return value }
      return add("Transpose", [value], to: "\(name).\(part)", ["perm": .ints(wanted)])
    }
    let scale = node.float("scale", default: 1 / Float(features).squareRoot())
    constants["\(name).scale"] = Constant(Tensor([1], [scale]))
    constants["\(name).split"] = Constant(
      Tensor([4], [0, 0, Float(heads), -1]), isInteger: true)
    constants["\(name).join"] = Constant(Tensor([3], [0, 0, -1]), isInteger: true)
    let queries = add(
      "Mul", [split(0, "queries", [0, 2, 1, 3]), "\(name).scale"], to: "\(name).scaled")
    var scores = add(
      "MatMul", [queries, split(1, "keys", [0, 2, 3, 1])], to: "\(name).products")
    if let mask = node.input(3) { scores = add("Add", [scores, mask], to: "\(name).masked") }
    let weights = add("Softmax", [scores], to: "\(name).weights", ["axis": .int(-1)])
    let values = split(2, "values", [0, 2, 1, 3])
    if shape.rank == 4 {
      _ = add("MatMul", [weights, values], to: name)
      return parts
    }
    let product = add("MatMul", [weights, values], to: "\(name).heads")
    let rows = add("Transpose", [product], to: "\(name).rows", ["perm": .ints([0, 2, 1, 3])])
    _ = add("Reshape", [rows, "\(name).join"], to: name)
    return parts
  }
}

extension Explained {
  /// The same with attention written out; `nil` where there is none that can be.
  ///
  /// - Throws: `NetworkError`.
  func writingOutAttention() throws -> Explained? {
    let graph = network.graph.writingOutAttention(try shapes())
    guard graph.nodes.count > network.graph.nodes.count else { return nil }
    // Not an optional one: what is not kept yet would pass for one that is nil.
    let written: Explained = plans.value("attention written out") {
      beside(objective, in: network.replacing(graph))
    }
    return written
  }
}
