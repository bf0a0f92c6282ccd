package import Tensors

extension Network {
  /// The shapes of everything that a value is computed from, and its own.
  ///
  /// - Parameters:
  ///   - value: The value's name in the graph.
  ///   - inputShape: The shape of the network's input.
  /// - Returns: A shape for every value that depends on the input, and for constants.
  /// - Throws: `NetworkError` for the first node that cannot be run.
  package func shapes(upTo value: String, inputShape: Shape) throws -> [String: Shape] {
    var lowering = Lowering(graph, input: input.name, shape: inputShape)
    for node in graph.needed(for: [value]) { try lowering.lower(node) }
    return lowering.operands.mapValues { operand in
      switch operand {
      case .value(_, let shape): shape
      case .constant(let constant): constant.tensor.shape
      }
    }
  }
}
