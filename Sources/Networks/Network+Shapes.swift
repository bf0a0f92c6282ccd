import Blocks
import Graphs
import Memory
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
    try limiting(inputShape) { try lowered(inputShape) }.lowering.shapes
  }

  /// Why the network's results cannot be computed for an input shape, though all operators are known here.
  ///
  /// - Parameter inputShape: N×C×H×W.
  /// - Returns: What the first node that does not fit says; nil where all results can be computed.
  /// - Throws: As `shapes(inputShape:)`.
  public func misfit(inputShape: Shape) throws -> NetworkError? {
    try limiting(inputShape) { try lowered(inputShape) }.misfit
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

  /// What is known of the graph's values before the network runs.
  struct Survey {
    /// The shapes of all values that can be computed.
    var shapes: [String: Shape] = [:]
    /// What the values are that have none.
    var others: [String: Unshaped] = [:]
    /// Why the results cannot be computed.
    var misfit: NetworkError?
  }

  /// A value of a graph that has no shape of its own.
  public enum Unshaped: Sendable, Hashable {
    /// A list of so many tensors.
    case list(Int)
    /// It is known before the network runs.
    case constant(Shape)
    /// How many numbers there are follows from the picture.
    case dependsOnPicture
    /// It stands in a branch that is not taken, or was left out.
    case skipped
    /// It cannot be computed here.
    case unknown
  }

  /// What is known of all values, and why the results are not among them.
  func survey(inputShape: Shape) throws -> Survey {
    let (lowering, failures, misfit) = try limiting(inputShape) { try lowered(inputShape) }
    var survey = Survey(shapes: lowering.shapes, misfit: misfit)
    var others: [String: Unshaped] = [:]
    for node in graph.nodes {
      for output in node.outputs where !output.isEmpty && survey.shapes[output] == nil {
        let found = unshaped(output, of: node, lowering, failures) { others[$0] }
        others[output] = found
      }
    }
    survey.others = others
    return survey
  }

  private func unshaped(
    _ output: String, of node: Node, _ lowering: Lowering,
    _ failures: [String: (node: Node, error: NetworkError)], known: (String) -> Unshaped?
  ) -> Unshaped {
    switch lowering.operands[output] {
    case .list(let names)?: return .list(names.count)
    case .constant(let constant)?: return .constant(constant.shape)
    case .value?, .absent?: return .skipped
    case nil: break
    }
    if lowering.isSkipped(node) { return .skipped }
    guard node.isSupported else { return .unknown }
    if case .dependsOnValues? = failures[node.outputs.first ?? ""]?.error {
      return .dependsOnPicture
    }
    let missing = node.reads.compactMap(known)
    return missing.contains(.dependsOnPicture) && !missing.contains(.unknown)
      ? .dependsOnPicture : .unknown
  }

  /// Every node that can be, lowered, and why the results are not among them.
  private func lowered(_ inputShape: Shape) throws -> (
    lowering: Lowering, failures: [String: (node: Node, error: NetworkError)],
    misfit: NetworkError?
  ) {
    try check(inputShape)
    var lowering = Lowering(graph, input: input.name, shape: inputShape, onlyShapes: true)
    var failures: [String: (node: Node, error: NetworkError)] = [:]
    for node in graph.nodes where node.isSupported && !lowering.isSkipped(node) {
      guard lowering.canLower(node) else { continue }
      do {
        try lowering.lower(node)
      } catch let error as NetworkError {
        failures[node.outputs.first ?? ""] = (node, error)
      } catch let error as MemoryError {
        let amount = MemoryError.amount(error.needed)
        failures[node.outputs.first ?? ""] = (
          node, .noRoom(node.title, result: "\(amount), with what it is made of")
        )
      }
    }
    // What no picture gets past counts before what only depends on it.
    let found =
      failures.isEmpty ? [] : neededNodes.compactMap { failures[$0.outputs.first ?? ""] }
    let first = found.first { !$0.error.isOfValues } ?? found.first
    guard case .invalidNode(let title, let reason)? = first?.error, let node = first?.node else {
      return (lowering, failures, first?.error)
    }
    return (
      lowering, failures, misfit(node, title: title, reason: reason, inputShape: inputShape)
    )
  }

  /// Everything that the network's results need and that cannot be run here: operators with their nodes.
  public var unsupported: [String] {
    neededNodes.flatMap(\.unsupported).map(\.title)
  }

  /// What cannot be run here in a few words: how many nodes of each operator with the first's name, and what to do; nil:
  /// nothing.
  public var unsupportedInWords: String? {
    let nodes = neededNodes.flatMap(\.unsupported)
    guard !nodes.isEmpty else { return nil }
    let words = Dictionary(grouping: nodes, by: \.type)
      .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      .map { type, nodes in
        nodes[0].title + (nodes.count > 1 ? " and \(nodes.count - 1) more of \(type)" : "")
      }
    let more = words.count > 8 ? ", … \(words.count - 8) operators more" : ""
    let advice = NetworkError.advice(onUnsupported: nodes.map(\.title)).map { ". \($0)" } ?? ""
    return words.prefix(8).joined(separator: ", ") + more + advice
  }
}
