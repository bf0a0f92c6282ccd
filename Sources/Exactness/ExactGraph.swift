import Autodiff
import Blocks
package import Graphs
package import Tensors

/// A graph computed in Double, node by node, as its file has it: nothing is fused, cut off or laid out anew.
///
/// It is what values and gradients of a network can be held against where two programs differ. What does not
/// depend on the input and is no floating-point number (shapes, indices) is the tape's.
package struct ExactGraph {
  private let graph: Graph
  private let input: String
  private let wanted: Set<String>
  let nodes: [Node]
  /// The values that depend on the input.
  private let dependent: Set<String>

  /// Prepares what some values need.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - input: The name of the input; all others have constants.
  ///   - values: The names of the values that are wanted.
  /// - Throws: `ExactnessError` with all nodes that are not known.
  package init(_ graph: Graph, input: String, values: some Sequence<String>) throws {
    (self.graph, self.input) = (graph, input)
    wanted = Set(values)
    nodes = graph.needed(for: wanted)
    var dependent: Set = [input]
    let unknown = nodes.filter { node in
      guard graph.role(of: node) != .constant, !dependent.isDisjoint(with: node.reads) else {
        return Operator.table[node.type] == nil && !node.isChoice
      }
      dependent.formUnion(node.outputs)
      return ExactOperator.table[node.type] == nil && !node.isChoice
    }
    self.dependent = dependent
    guard unknown.isEmpty else { throw ExactnessError.unknown(unknown.map(\.title)) }
  }

  /// How many nodes there are.
  package var count: Int { nodes.count }

  /// Whether the best of many are chosen, on which all that follows hangs: two plans that round otherwise may go on with
  /// different ones.
  package var choosesAmongMany: Bool {
    nodes.contains {
      ["TopK", "ArgMax", "ArgMin", "Hardmax"].contains($0.type)
        && !dependent.isDisjoint(with: $0.inputs)
    }
  }

  /// The names of the values that choices are made on, or seen in: rectifiers', maxima's, roundings'.
  package var decisive: [String] {
    var names: [String] = []
    for node in nodes {
      switch ExactOperator.table[node.type]?.decides {
      case .inputs?: names += node.inputs
      case .outputs?: names += node.outputs
      case .nothing?, nil: break
      }
    }
    var seen: Set = [input]
    return names.filter { dependent.contains($0) && seen.insert($0).inserted }
  }

  /// Runs the graph.
  ///
  /// - Parameters:
  ///   - x: The input, in whose numbers nothing is changed.
  ///   - decisions: Takes the choices.
  ///   - held: Bytes that the caller holds, of the memory that may be taken.
  ///   - progress: Told how many nodes are done.
  ///   - use: Given each wanted value as soon as it is there, and whether it is the input itself.
  /// - Returns: The input that gradients can be carried back to.
  /// - Throws: `ExactnessError`; `NetworkError` for shapes that do not fit; `MemoryError`.
  package func run(
    _ x: Tensor, decisions: Decisions = Decisions(), beside held: Int = 0,
    progress: (_ done: Int) -> Void = { _ in },
    use: (_ name: String, _ value: Exact) throws -> Void
  ) throws -> Way {
    let start = Exact(x).asInput
    guard let way = start.way else { preconditionFailure("ExactGraph: an input without a way") }
    var state = state(start, decisions)
    try Room.$current.withValue(Room(beside: held)) {
      if wanted.contains(input) { try use(input, start) }
      for place in nodes.indices {
        try state.run(place) { name, value in
          if wanted.contains(name) { try use(name, value) }
        }
        progress(place + 1)
      }
    }
    return way
  }

  /// What stands before the first node is run.
  func state(_ start: Exact, _ decisions: Decisions) -> ExactState {
    let type = graph.inputs.first { $0.name == input }?.type ?? .float
    return ExactState(
      nodes, graph.constants, decisions, input: input,
      .init(exact: start, type: type, constant: nil))
  }
}
