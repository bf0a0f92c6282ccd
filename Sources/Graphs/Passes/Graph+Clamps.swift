import Blocks
import Tensors

extension Graph {
  /// The same graph with a maximum or minimum with one constant, as PyTorch's exporters write `clamp`, as
  /// the Relu or Clip that it is.
  ///
  /// A minimum of a maximum is one Clip; the nodes in between stay for whoever reads them.
  package func recognizingClamps() -> Graph {
    var graph = self
    // The clamps found so far, with what each is applied to.
    var found: [String: (source: String, clamp: Clamp)] = [:]
    for (index, node) in nodes.enumerated() where node.type == "Max" || node.type == "Min" {
      guard node.inputs.count == 2, let output = node.outputs.first,
        let (limit, other) = limitAndOther(node)
      else { continue }
      let isUpper = node.type == "Min"
      var (source, clamp) = (
        other, Clamp(lower: isUpper ? -.infinity : limit, upper: isUpper ? limit : .infinity)
      )
      // The lower limit comes first in a Clip, and one beyond the upper would give way to it.
      if let inner = found[other], isUpper || limit <= inner.clamp.upper {
        source = inner.source
        clamp.lower = max(clamp.lower, inner.clamp.lower)
        clamp.upper = min(clamp.upper, inner.clamp.upper)
      }
      found[output] = (source, clamp)
      graph.nodes[index] = Node(
        clamp == .relu ? "Relu" : "Clip", name: node.name, inputs: [source], outputs: node.outputs,
        attributes: clamp == .relu
          ? [:] : ["min": .float(clamp.lower), "max": .float(clamp.upper)],
        opset: node.opset)
    }
    return graph
  }

  /// The one number and the other input of a node, where the number leaves the other's shape as it is.
  private func limitAndOther(_ node: Node) -> (limit: Float, other: String)? {
    for (place, name) in node.inputs.enumerated() {
      guard let tensor = constants[name]?.tensor, tensor.count == 1, tensor.shape.rank <= 1,
        !tensor.scalars[0].isNaN, constants[node.inputs[1 - place]] == nil,
        !node.inputs[1 - place].isEmpty
      else { continue }
      return (tensor.scalars[0], node.inputs[1 - place])
    }
    return nil
  }
}
