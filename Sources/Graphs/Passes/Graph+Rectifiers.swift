import Tensors

extension Graph {
  /// The same graph with rectifiers in other words as the Relu that they are: choices and products by the sign of
  /// `x`, `max(x, zeros)`, `(x + |x|) / 2`, functions whose slope below 0 is 0, and whatever else yields the same numbers.
  ///
  /// What passes where `x` is 0 stays what the file says: all or half of the gradient in some of these words
  /// (`Node.slopeAtZero`). Zeros of several axes may stretch `x`: they are added to what is rectified.
  package func recognizingRectifiers() -> Graph {
    let search = RectifierSearch(graph: self, producers: producers, makers: makers)
    var graph = self
    graph.nodes = nodes.enumerated().flatMap { place, node -> [Node] in
      guard node.outputs.count == 1,
        let found = search.rectified(by: node) ?? search.written(endingIn: place)
      else { return [node] }
      var relu = Node(
        "Relu", name: node.name, inputs: [found.source], outputs: node.outputs,
        attributes: found.slopeAtZero == 0
          ? [:] : [Node.slopeAtZeroName: .float(found.slopeAtZero)],
        opset: node.opset)
      relu.conditions = node.conditions
      guard let zeros = found.stretching else { return [relu] }
      relu.outputs = ["\(node.outputs[0]), rectified"]
      var sum = relu
      (sum.type, sum.inputs, sum.outputs) = ("Add", [relu.outputs[0], zeros], node.outputs)
      sum.attributes = [:]
      return [relu, sum]
    }
    return graph
  }
}

extension Node {
  static let slopeAtZeroName = "slope at zero"

  /// What part of the gradient a Relu lets through where its input is 0: usually nothing, as in PyTorch.
  package var slopeAtZero: Float { float(Self.slopeAtZeroName, default: 0) }
}
