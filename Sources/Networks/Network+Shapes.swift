import Blocks
import Graphs
import Plans
public import Tensors

extension Network {
  /// The shapes of the graph's values for one input shape, found without running the network.
  ///
  /// Values that need an operator without an implementation here have none.
  ///
  /// - Parameter inputShape: N×C×H×W; any extents that the graph allows.
  /// - Returns: A shape by each value's name.
  /// - Throws: `NetworkError` where the input, or what becomes of it, does not fit a node.
  public func shapes(inputShape: Shape) throws -> [String: Shape] {
    try limiting(inputShape) { try lowered(inputShape) }.shapes
  }

  /// The values of the graph that are known before the network runs: constants, and what follows from them and
  /// from shapes.
  ///
  /// - Parameter inputShape: N×C×H×W; any extents that the graph allows.
  /// - Returns: A constant by each value's name.
  /// - Throws: As `shapes(inputShape:)`.
  package func knownValues(inputShape: Shape) throws -> [String: Constant] {
    try limiting(inputShape) { try lowered(inputShape) }.operands.compactMapValues { operand in
      if case .constant(let constant) = operand { constant } else { nil }
    }
  }

  /// Every node that can be, lowered.
  private func lowered(_ inputShape: Shape) throws -> Lowering {
    try check(inputShape)
    var lowering = Lowering(graph, input: input.name, shape: inputShape)
    for node in graph.nodes where node.isSupported {
      guard node.inputs.allSatisfy({ $0.isEmpty || lowering.operands[$0] != nil }) else { continue }
      do {
        try lowering.lower(node)
      } catch NetworkError.invalidNode(let title, let reason) {
        throw misfit(node, title: title, reason: reason, inputShape: inputShape)
      }
    }
    return lowering
  }

  /// Everything that the network's results need and that cannot be run here: operators with their nodes.
  public var unsupported: [String] {
    graph.needed(for: graph.outputs).filter { !$0.isSupported }.map(\.title)
  }
}
