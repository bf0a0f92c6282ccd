package import Graphs

extension Network {
  /// The same network with constants in place of some inputs.
  package func binding(_ constants: [String: Constant]) -> Network {
    var network = self
    network.graph.inputs.removeAll { constants[$0.name] != nil }
    network.graph.constants.merge(constants) { _, new in new }
    return network
  }

  /// The same network with constants in place of all inputs; a number that nobody reads goes in, of shape
  /// (1).
  package func bindingAll(_ constants: [String: Constant]) -> Network {
    var network = binding(constants)
    network.graph.inputs = [Graph.Input(name: "nothing", dimensions: [1])]
    return network
  }

  /// The same network with a graph that computes the same in other operators.
  ///
  /// - Parameter graph: The graph, with the values that layers are called after.
  /// - Returns: The network.
  package func replacing(_ graph: Graph) -> Network {
    var network = self
    network.graph = graph
    return network
  }
}
