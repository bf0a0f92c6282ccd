import Blocks
import Tensors

extension Graph {
  /// The same graph with local response normalization, which PyTorch's exporter writes as
  /// `x / (k + α · average(x²))^β` over padded channels, as one LRN node again.
  ///
  /// The nodes in between stay for whoever reads them; nobody else computes them.
  package func recognizingLRN() -> Graph {
    let producers = producers
    var graph = self
    for (index, node) in nodes.enumerated() where node.type == "Div" && node.inputs.count == 2 {
      if let lrn = lrn(dividing: node, producers) { graph.nodes[index] = lrn }
    }
    return graph
  }

  private func lrn(dividing node: Node, _ producers: [String: Node]) -> Node? {
    guard let power = producers[node.inputs[1]], power.type == "Pow",
      let beta = scalar(power.inputs[checked: 1]),
      let sum = producers[power.inputs[checked: 0] ?? ""], sum.type == "Add",
      let (bias, scaled) = scalarAndOther(sum),
      let product = producers[scaled], product.type == "Mul",
      let (alpha, averaged) = scalarAndOther(product),
      let pool = producer(of: averaged, past: ["Squeeze", "Reshape"], producers),
      pool.type == "AveragePool", pool.int("count_include_pad", default: 0) == 1,
      let kernel = pool.ints("kernel_shape"), let size = kernel.first,
      kernel.dropFirst().allSatisfy({ $0 == 1 }),
      let square = producer(
        of: pool.inputs[checked: 0] ?? "", past: ["Pad", "Reshape", "Unsqueeze"], producers),
      square.type == "Mul", square.inputs == [node.inputs[0], node.inputs[0]]
    else { return nil }
    return Node(
      "LRN", name: node.name, inputs: [node.inputs[0]], outputs: node.outputs,
      attributes: [
        "size": .int(size), "alpha": .float(alpha), "beta": .float(beta), "bias": .float(bias),
      ], opset: node.opset)
  }

  private func scalar(_ name: String?) -> Float? {
    guard let name, let tensor = constants[name]?.tensor, tensor.count == 1 else { return nil }
    return tensor.scalars[0]
  }

  private func scalarAndOther(_ node: Node) -> (scalar: Float, other: String)? {
    guard node.inputs.count == 2 else { return nil }
    if let value = scalar(node.inputs[1]) { return (value, node.inputs[0]) }
    if let value = scalar(node.inputs[0]) { return (value, node.inputs[1]) }
    return nil
  }

  private func producer(
    of name: String, past types: Set<String>, _ producers: [String: Node]
  ) -> Node? {
    var node = producers[name]
    while let current = node, types.contains(current.type) {
      node = producers[current.inputs[checked: 0] ?? ""]
    }
    return node
  }
}
