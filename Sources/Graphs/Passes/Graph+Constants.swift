extension Graph {
  /// The same graph with what Constant nodes say among the constants, as weights in the file itself are.
  ///
  /// One that says nothing that can be read here stays and is reported where it is needed.
  package func collectingConstants() -> Graph {
    var graph = self
    graph.nodes = nodes.filter { node in
      guard node.type == "Constant", let name = node.outputs.first, !name.isEmpty,
        let constant = node.constantValue
      else { return true }
      graph.constants[name] = constant
      return false
    }
    return graph
  }
}
