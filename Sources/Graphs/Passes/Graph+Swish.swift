import Blocks
import Tensors

extension Graph {
  /// The same graph with swish, which exporters write as `x · sigmoid(x)` or, for CLIP, `x · sigmoid(1.702 x)`, and
  /// hard swish, `x · HardSigmoid(x)`, as one node again.
  ///
  /// The nodes in between stay for whoever looks at them; nobody else computes them. Where other nodes read
  /// what lies in between, its gradient is not theirs alone, and all stays as it is.
  package func recognizingSwish() -> Graph {
    guard nodes.contains(where: { $0.type == "Sigmoid" || $0.type == "HardSigmoid" }) else {
      return self
    }
    let (producers, readers) = (producers, readerCounts)
    var graph = self
    for (index, node) in nodes.enumerated() where node.type == "Mul" && node.inputs.count == 2 {
      for (gate, x) in [(0, 1), (1, 0)].map({ (node.inputs[$0.0], node.inputs[$0.1]) }) {
        guard let gate = producers[gate], let swish = swish(of: x, gate: gate, producers),
          isClosed(node, from: x, producers, readers)
        else { continue }
        graph.nodes[index] = Node(
          swish.type, name: node.name, inputs: [x], outputs: node.outputs,
          attributes: swish.attributes, opset: 24)
        break
      }
    }
    return graph
  }

  /// What a gate makes of the value that it is multiplied by; `nil` where it is another's gate.
  private func swish(
    of x: String, gate: Node, _ producers: Producers
  ) -> (type: String, attributes: [String: Attribute])? {
    guard let source = gate.inputs.first else { return nil }
    switch gate.type {
    case "Sigmoid" where source == x: return ("Swish", [:])
    case "Sigmoid":
      guard let product = producers[source], product.type == "Mul", product.inputs.count == 2,
        let place = product.inputs.firstIndex(of: x),
        let slope = scalar(product.inputs[1 - place]), slope.isFinite
      else { return nil }
      return ("Swish", ["alpha": .float(slope)])
    case "HardSigmoid" where source == x:
      // x (x + 3) / 6 within 0 and x.
      guard abs(gate.float("alpha", default: 0.2) - 1 / 6) < 1e-6,
        abs(gate.float("beta", default: 0.5) - 0.5) < 1e-6
      else { return nil }
      return ("HardSwish", [:])
    default: return nil
    }
  }
}
