package import Graphs
import Tensors

extension Lowering {
  /// Whether a node stands in a branch that is not taken.
  package func isSkipped(_ node: Node) -> Bool {
    node.conditions.contains { condition in
      constant(condition.value)?.truth.map { $0 != condition.holds } ?? false
    }
  }

  /// Whether everything that a node reads has been made.
  package func canLower(_ node: Node) -> Bool {
    var read = node.inputs
    if node.isChoice, let holds = constant(node.inputs[0])?.truth {
      read = [node.inputs[holds ? 1 : 2]]
    }
    return read.allSatisfy { $0.isEmpty || operands[$0] != nil }
  }

  /// Takes what the branch makes that a known condition chooses; what both make, where it depends on the
  /// picture.
  ///
  /// - Throws: `NetworkError.invalidNode` where it does and the branches make different shapes.
  mutating func lowerChoice(_ node: Node) throws {
    if let holds = constant(node.inputs[0])?.truth {
      try emit(
        Node(
          "Identity", name: node.name, inputs: [node.inputs[holds ? 1 : 2]], outputs: node.outputs,
          opset: node.opset))
      return
    }
    let (first, second) = (try shape(node.inputs[1]), try shape(node.inputs[2]))
    guard first == second, try shape(node.inputs[0]).count == 1 else {
      throw NetworkError.invalidNode(
        node.title,
        reason: "its condition depends on the picture, and its branches make \(first) and \(second)"
      )
    }
    try emit(
      Node(
        "Where", name: node.name, inputs: [node.inputs[0]] + node.inputs[1...],
        outputs: node.outputs, opset: node.opset))
  }
}
