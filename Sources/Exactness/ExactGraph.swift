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
  private let nodes: [Node]

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
    let unknown = Self.unknown(nodes, graph, input: input)
    guard unknown.isEmpty else { throw ExactnessError.unknown(unknown.map(\.title)) }
  }

  /// The nodes that depend on the input and are not known.
  private static func unknown(_ nodes: [Node], _ graph: Graph, input: String) -> [Node] {
    var dependent: Set = [input]
    return nodes.filter { node in
      guard graph.role(of: node) != .constant, !dependent.isDisjoint(with: node.reads) else {
        return Operator.table[node.type] == nil && !node.isChoice
      }
      dependent.formUnion(node.outputs)
      return ExactOperator.table[node.type] == nil && !node.isChoice
    }
  }

  /// How many nodes there are.
  package var count: Int { nodes.count }

  /// The names of the values that choices are made on: rectifiers', maxima's.
  package var decisive: [String] {
    var names: [String] = []
    for node in nodes {
      switch ExactOperator.table[node.type]?.decides {
      case .inputs?: names += node.inputs.filter { !$0.isEmpty && graph.constants[$0] == nil }
      case .output?: names += node.outputs.prefix(1)
      case .nothing?, nil: break
      }
    }
    var seen: Set = [input]
    return names.filter { seen.insert($0).inserted }
  }

  /// Runs the graph.
  ///
  /// - Parameters:
  ///   - x: The input, in whose numbers nothing is changed.
  ///   - decisions: Takes the choices.
  ///   - progress: Told how many nodes are done.
  ///   - use: Given each wanted value as soon as it is there, and whether it is the input itself.
  /// - Returns: The input that gradients can be carried back to.
  /// - Throws: `ExactnessError`; `NetworkError` for shapes that do not fit.
  package func run(
    _ x: Tensor, decisions: Decisions = Decisions(), progress: (_ done: Int) -> Void = { _ in },
    use: (_ name: String, _ value: Exact) throws -> Void
  ) throws -> Way {
    let start = Exact(x).asInput
    guard let way = start.way else { preconditionFailure("ExactGraph: an input without a way") }
    var state = State(constants: graph.constants, decisions: decisions)
    let type = graph.inputs.first { $0.name == input }?.type ?? .float
    state.values[input] = .init(exact: start, type: type, constant: nil)
    if wanted.contains(input) { try use(input, start) }
    // The place of the last node that reads each value.
    var last: [String: Int] = [:]
    for (place, node) in nodes.enumerated() { for name in node.reads { last[name] = place } }
    for (place, node) in nodes.enumerated() {
      try state.run(node)
      for name in node.outputs where wanted.contains(name) {
        if let value = state.values[name]?.exact { try use(name, value) }
      }
      for name in node.reads + node.outputs where last[name] ?? place <= place {
        if name != input { state.values[name] = nil }
      }
      progress(place + 1)
    }
    return way
  }
}

/// The values of a run so far.
private struct State {
  let constants: [String: Constant]
  let decisions: Decisions
  var values: [String: ExactCall.Operand] = [:]

  func operand(_ name: String) -> ExactCall.Operand? {
    values[name]
      ?? constants[name].map { .init(exact: Exact($0.tensor), type: $0.type, constant: $0) }
  }

  private func constant(_ name: String) -> Constant? { values[name]?.constant ?? constants[name] }

  mutating func run(_ node: Node) throws {
    // Branches that are not taken.
    for condition in node.conditions {
      if let truth = constant(condition.value)?.truth, truth != condition.holds { return }
    }
    if node.isChoice { return try choose(node) }
    let known = Operator.table[node.type]
    var operands: [String: ExactCall.Operand] = [:]
    for name in node.inputs where !name.isEmpty { operands[name] = operand(name) }
    let isKnown = node.inputs.allSatisfy { $0.isEmpty || constant($0) != nil }
    for (output, name) in node.outputs.enumerated() where !name.isEmpty {
      let call = ExactCall(node: node, output: output, operands: operands, decisions: decisions)
      guard let known else { throw call.unknown("") }
      let tape = call.tapeCall(shapesOnly: true)
      let kind = known.kind(tape)
      if known.role(tape) == .constant {
        values[name] = folded(try known.run(tape).value, kind)
        continue
      }
      guard let exact = ExactOperator.table[node.type], !isKnown || !kind.isInteger else {
        guard isKnown else { throw call.unknown("") }
        values[name] = folded(try known.run(call.tapeCall()).value, kind)
        continue
      }
      let result = try exact.run(call)
      values[name] = .init(
        exact: result, type: kind, constant: isKnown ? Constant(result.rounded, of: kind) : nil)
    }
  }

  private func folded(_ tensor: Tensor, _ type: ElementType) -> ExactCall.Operand {
    .init(exact: Exact(tensor), type: type, constant: Constant(tensor, of: type))
  }

  /// What the branch makes that a condition chooses, which this run knows.
  private mutating func choose(_ node: Node) throws {
    guard let condition = operand(node.inputs[0])?.exact.scalars.first,
      let value = operand(node.inputs[condition != 0 ? 1 : 2])
    else { throw ExactnessError.unknown([node.title]) }
    let depends = constant(node.inputs[0]) == nil
    values[node.outputs[0]] = .init(
      exact: value.exact, type: value.type, constant: depends ? nil : value.constant)
  }
}
