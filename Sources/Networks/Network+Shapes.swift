import Blocks
import Graphs
import Plans
public import Tensors

extension Network {
  /// The shapes of the graph's values for one input shape, found without running the network.
  ///
  /// Values have none where they need an operator without an implementation here, or one that the input, or
  /// what becomes of it, does not fit: `misfit(inputShape:)` says why.
  ///
  /// - Parameter inputShape: N×C×H×W; any extents that the graph allows.
  /// - Returns: A shape by each value's name.
  /// - Throws: `NetworkError` where the input cannot be fed; `MemoryError`.
  public func shapes(inputShape: Shape) throws -> [String: Shape] {
    try survey(inputShape: inputShape).shapes
  }

  /// Why the network's results cannot be computed for an input shape, though all operators are known here.
  ///
  /// - Parameter inputShape: N×C×H×W.
  /// - Returns: What the first node that does not fit says; nil where all results can be computed.
  /// - Throws: As `shapes(inputShape:)`.
  public func misfit(inputShape: Shape) throws -> NetworkError? {
    try survey(inputShape: inputShape).misfit
  }

  /// The values of the graph that are known before the network runs: constants, and what follows from them and
  /// from shapes.
  ///
  /// - Parameter inputShape: N×C×H×W; any extents that the graph allows.
  /// - Returns: A constant by each value's name.
  /// - Throws: As `shapes(inputShape:)`.
  package func knownValues(inputShape: Shape) throws -> [String: Constant] {
    try limiting(inputShape) { try lowered(inputShape) }.lowering.operands.compactMapValues {
      if case .constant(let constant) = $0 { constant } else { nil }
    }
  }

  /// The shapes of all values that can be computed, and why the results are not among them.
  func survey(inputShape: Shape) throws -> (shapes: [String: Shape], misfit: NetworkError?) {
    let (lowering, misfit) = try limiting(inputShape) { try lowered(inputShape) }
    return (lowering.shapes, misfit)
  }

  /// Every node that can be, lowered, and why the results are not among them.
  private func lowered(_ inputShape: Shape) throws -> (lowering: Lowering, misfit: NetworkError?) {
    try check(inputShape)
    var lowering = Lowering(graph, input: input.name, shape: inputShape)
    var failures: [String: (node: Node, error: NetworkError)] = [:]
    for node in graph.nodes where node.isSupported && !lowering.isSkipped(node) {
      guard lowering.canLower(node) else { continue }
      do {
        try lowering.lower(node)
      } catch let error as NetworkError {
        failures[node.outputs.first ?? ""] = (node, error)
      }
    }
    let first =
      failures.isEmpty
      ? nil
      : neededNodes.lazy.compactMap { failures[$0.outputs.first ?? ""] }.first
    guard case .invalidNode(let title, let reason)? = first?.error, let node = first?.node else {
      return (lowering, first?.error)
    }
    return (lowering, misfit(node, title: title, reason: reason, inputShape: inputShape))
  }

  /// Everything that the network's results need and that cannot be run here: operators with their nodes.
  public var unsupported: [String] {
    neededNodes.flatMap(\.unsupported).map(\.title)
  }
}
