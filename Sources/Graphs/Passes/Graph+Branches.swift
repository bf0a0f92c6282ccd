import Blocks
import Tensors

extension Graph {
  /// The same graph without the branches that a condition stored in the file rules out.
  ///
  /// A condition that follows from the picture's shape is known where the graph is lowered for one.
  package func foldingConditions() -> Graph {
    var graph = self
    graph.nodes = nodes.compactMap { node in
      var node = node
      for condition in node.conditions {
        guard let holds = constants[condition.value]?.truth else { continue }
        if holds != condition.holds { return nil }
        node.conditions.removeAll { $0 == condition }
      }
      if node.isChoice, let holds = constants[node.inputs[0]]?.truth {
        (node.type, node.inputs) = ("Identity", [node.inputs[holds ? 1 : 2]])
      }
      return node
    }
    return graph
  }
}

extension Node {
  /// A branch of an If: what stands in it runs only where a value is true, or only where it is false.
  package struct Condition: Sendable, Hashable {
    /// The value's name.
    package let value: String
    /// What it has to be.
    package let holds: Bool

    package init(value: String, holds: Bool) { (self.value, self.holds) = (value, holds) }
  }

  /// Whether it chooses, by its first input, its second (true) or its third.
  package var isChoice: Bool { type == "If" && inputs.count == 3 }
}

extension Constant {
  /// Whether it is true; nil where it is more than one number, or none.
  package var truth: Bool? { tensor.count == 1 ? tensor.scalars[0] != 0 : nil }
}
