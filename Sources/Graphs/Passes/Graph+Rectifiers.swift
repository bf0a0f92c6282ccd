import Tensors

extension Graph {
  /// The same graph with rectifiers in other words as the Relu that they are: `where(x > 0, x, 0)`,
  /// `where(x <= 0, 0, x)`, `x * (x > 0)`, and `max(x, zeros)`.
  ///
  /// Those that let a gradient through where `x` is 0 stay what they are. Zeros of several axes may stretch `x`:
  /// they are added to what is rectified.
  package func recognizingRectifiers() -> Graph {
    let search = RectifierSearch(graph: self, producers: producers)
    var graph = self
    graph.nodes = nodes.flatMap { node -> [Node] in
      guard node.outputs.count == 1, let (source, zeros) = search.rectified(by: node) else {
        return [node]
      }
      var relu = Node(
        "Relu", name: node.name, inputs: [source], outputs: node.outputs, opset: node.opset)
      relu.conditions = node.conditions
      guard let zeros, let tensor = constants[zeros]?.tensor,
        tensor.count > 1 || tensor.shape.rank > 1
      else { return [relu] }
      relu.outputs = ["\(node.outputs[0]), rectified"]
      var sum = relu
      (sum.type, sum.inputs, sum.outputs) = ("Add", [relu.outputs[0], zeros], node.outputs)
      return [relu, sum]
    }
    return graph
  }
}

/// Finds what a node rectifies.
private struct RectifierSearch {
  let graph: Graph
  let producers: [String: Node]

  /// The value that a node rectifies, and the zeros beside it where there are some.
  func rectified(by node: Node) -> (source: String, zeros: String?)? {
    switch (node.type, node.inputs.count) {
    case ("Where", 3):
      let (condition, a, b) = (node.inputs[0], node.inputs[1], node.inputs[2])
      if isZero(b), isPositive(condition, a) { return (a, b) }
      return isZero(a) && isNotPositive(condition, b) ? (b, a) : nil
    case ("Mul", 2):
      let (a, b) = (node.inputs[0], node.inputs[1])
      return isPositive(b, a) ? (a, nil) : isPositive(a, b) ? (b, nil) : nil
    case ("Max", 2):
      // One number is a clamp with a limit.
      for (zeros, other) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])]
      where isZero(zeros) && graph.constants[other] == nil
        && graph.constants[zeros]?.tensor.count != 1
      {
        return (other, zeros)
      }
      return nil
    default: return nil
    }
  }

  /// Whether a value is `x > 0`, as truth or as 1 and 0.
  private func isPositive(_ value: String, _ x: String) -> Bool {
    guard let node = comparison(value) else { return false }
    return node.type == "Greater" && node.inputs[0] == x && isZero(node.inputs[1])
      || node.type == "Less" && isZero(node.inputs[0]) && node.inputs[1] == x
  }

  /// Whether a value is `x <= 0`.
  private func isNotPositive(_ value: String, _ x: String) -> Bool {
    guard let node = comparison(value) else { return false }
    return node.type == "LessOrEqual" && node.inputs[0] == x && isZero(node.inputs[1])
      || node.type == "GreaterOrEqual" && isZero(node.inputs[0]) && node.inputs[1] == x
  }

  /// What compares, behind casts of its result.
  private func comparison(_ value: String) -> Node? {
    var node = producers[value]
    // PyTorch's exporters write up to two.
    for _ in 0..<2 where node?.type == "Cast" { node = node?.input(0).flatMap { producers[$0] } }
    return node?.inputs.count == 2 ? node : nil
  }

  private func isZero(_ name: String) -> Bool {
    guard let tensor = graph.constants[name]?.tensor, tensor.count > 0 else { return false }
    return tensor.scalars.allSatisfy { $0 == 0 }
  }
}
