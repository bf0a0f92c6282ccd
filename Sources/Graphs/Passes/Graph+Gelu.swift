import Blocks
import Tensors

extension Graph {
  /// The same graph with GELU, which exporters write as `x · ½ (1 + erf(x / √2))` in some order of the
  /// factors, as one Gelu node again.
  ///
  /// The nodes in between stay for whoever reads them; nobody else computes them.
  package func recognizingGelu() -> Graph {
    let producers = producers
    var graph = self
    for (index, node) in nodes.enumerated() where node.type == "Mul" {
      if let gelu = gelu(node, producers) { graph.nodes[index] = gelu }
    }
    return graph
  }

  /// A product of three factors: a half, `1 + erf(x / √2)`, and the same `x`.
  private func gelu(_ node: Node, _ producers: [String: Node]) -> Node? {
    guard node.inputs.count == 2 else { return nil }
    for (place, name) in node.inputs.enumerated() {
      if let product = producers[name], product.type == "Mul", product.inputs.count == 2 {
        let factors = product.inputs + [node.inputs[1 - place]]
        if let found = gelu(node, factors, producers) { return found }
      }
    }
    return nil
  }

  private func gelu(_ node: Node, _ factors: [String], _ producers: [String: Node]) -> Node? {
    guard let half = factors.firstIndex(where: { isScalar($0, 0.5) }) else { return nil }
    let rest = factors.indices.filter { $0 != half }.map { factors[$0] }
    for (bell, x) in [(rest[0], rest[1]), (rest[1], rest[0])] {
      guard let sum = producers[bell], sum.type == "Add", sum.inputs.count == 2,
        let one = sum.inputs.firstIndex(where: { isScalar($0, 1) }),
        let error = producers[sum.inputs[1 - one]], error.type == "Erf",
        let argument = error.inputs.first,
        let scaled = producers[argument], scaled.inputs.count == 2,
        let other = scaled.inputs.firstIndex(of: x)
      else { continue }
      let root = Float(0.5).squareRoot()
      let factor = scaled.inputs[1 - other]
      let fits =
        scaled.type == "Div"
        ? other == 0 && isScalar(factor, 1 / root)
        : scaled.type == "Mul" && isScalar(factor, root)
      guard fits else { continue }
      return Node("Gelu", name: node.name, inputs: [x], outputs: node.outputs, opset: 20)
    }
    return nil
  }

  private func isScalar(_ name: String, _ value: Float) -> Bool {
    // A constant of more axes could give the result more axes than x has.
    guard let tensor = constants[name]?.tensor, tensor.count == 1, tensor.shape.rank <= 1 else {
      return false
    }
    return abs(tensor.scalars[0] - value) < 1e-6
  }
}
