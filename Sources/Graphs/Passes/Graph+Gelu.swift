import Blocks
import Tensors

extension Graph {
  /// The same graph with GELU, which exporters write as `x · ½ (1 + erf(x / √2))` in some order of the
  /// factors, as one Gelu node again.
  ///
  /// The nodes in between stay for whoever looks at them; nobody else computes them. Where other nodes read
  /// what lies in between, its gradient is not theirs alone, and all stays as it is.
  package func recognizingGelu() -> Graph {
    guard nodes.contains(where: { $0.type == "Erf" }) else { return self }
    let (producers, readers) = (producers, readerCounts)
    var graph = self
    for (index, node) in nodes.enumerated() where node.type == "Mul" {
      if let gelu = gelu(node, producers),
        isClosed(node, from: gelu.inputs[0], producers, readers)
      {
        graph.nodes[index] = gelu
      }
    }
    return graph
  }

  /// Whether everything between a value and what a node makes of it is read within alone.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - source: The value.
  ///   - producers: The node that makes each value.
  ///   - readers: How often each value is read.
  /// - Returns: False also where a result of the graph lies between.
  func isClosed(
    _ node: Node, from source: String, _ producers: Producers, _ readers: [String: Int]
  ) -> Bool {
    var seen: Set = [source]
    var pending = node.inputs
    var read: [String: Int] = [:]
    for name in node.inputs { read[name, default: 0] += 1 }
    while let name = pending.popLast() {
      guard seen.insert(name).inserted, let inner = producers[name] else { continue }
      pending += inner.inputs
      for name in inner.inputs { read[name, default: 0] += 1 }
    }
    seen.remove(source)
    return seen.allSatisfy { producers[$0] == nil || readers[$0] == read[$0] }
  }

  /// How often each value is read, by nodes and as a result.
  var readerCounts: [String: Int] {
    var counts: [String: Int] = [:]
    for name in nodes.lazy.flatMap(\.reads) + outputs { counts[name, default: 0] += 1 }
    return counts
  }

  /// A product of three factors: a half, `1 + erf(x / √2)`, and the same `x`.
  private func gelu(_ node: Node, _ producers: Producers) -> Node? {
    guard node.inputs.count == 2 else { return nil }
    for (place, name) in node.inputs.enumerated() {
      if let product = producers[name], product.type == "Mul", product.inputs.count == 2 {
        let factors = product.inputs + [node.inputs[1 - place]]
        if let found = gelu(node, factors, producers) { return found }
      }
    }
    return nil
  }

  private func gelu(_ node: Node, _ factors: [String], _ producers: Producers) -> Node? {
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
    scalar(name).map { abs($0 - value) < 1e-6 } ?? false
  }

  /// The one number of a constant; `nil` also where it has more axes, as they could give a result more axes than its
  /// other operand has.
  func scalar(_ name: String) -> Float? {
    guard let tensor = constants[name]?.tensor, tensor.count == 1, tensor.shape.rank <= 1 else {
      return nil
    }
    return tensor.scalars[0]
  }
}
