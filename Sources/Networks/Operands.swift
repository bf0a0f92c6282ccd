import Graphs
import Tensors

/// What is known of a graph's values before it runs: their shapes, and numbers that are constants or follow from shapes.
final class Operands {
  let graph: Graph
  /// Of the values that are computed.
  let shapes: [String: Shape]
  /// Found where a node first asks for what the file does not hold: exporters write sizes, paddings and class tokens
  /// as chains of nodes.
  private lazy var following = find()
  private let find: () -> [String: Constant]

  /// Creates operands.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - shapes: What `shapes(inputShape:)` returned, or a part of it.
  init(of network: Network, in shapes: [String: Shape]) {
    (graph, self.shapes) = (network.graph, shapes)
    find = {
      shapes[network.input.name].flatMap { try? network.knownValues(inputShape: $0) } ?? [:]
    }
  }

  /// A value that is a constant, or follows from shapes.
  func constant(_ name: String) -> Constant? {
    graph.constants[name] ?? (shapes[name] == nil ? following[name] : nil)
  }

  /// The shape of a value, computed or known.
  func shape(_ name: String) -> Shape? { shapes[name] ?? constant(name)?.shape }
}
