package import Tensors

extension Network {
  /// A network of operations that stand in no file.
  package init(
    graph: Graph, layers: [Layer] = [], preprocessing: Preprocessing? = nil, opset: Int = 18
  ) {
    precondition(!graph.inputs.isEmpty, "Network: a graph without an input")
    self.graph = graph
    self.layers = layers
    self.preprocessing = preprocessing
    self.opset = opset
    labels = []
    metadata = [:]
    producer = ""
    path = ""
    sha256 = ""
  }

  /// The shapes of everything that a value is computed from, and its own.
  ///
  /// - Parameters:
  ///   - value: The value's name in the graph.
  ///   - inputShape: The shape of the network's input.
  /// - Returns: A shape for every value that depends on the input, and for constants.
  /// - Throws: `NetworkError`, naming everything that cannot be run.
  package func shapes(upTo value: String, inputShape: Shape) throws -> [String: Shape] {
    try lowered(for: [value], inputShape: inputShape).operands.mapValues { operand in
      switch operand {
      case .value(_, let shape): shape
      case .constant(let constant): constant.tensor.shape
      }
    }
  }
}
