import Autodiff
import Blocks
import Graphs
import Tensors

/// The values of a run of a graph in Double so far.
struct ExactState {
  private let nodes: [Node]
  private let constants: [String: Constant]
  private let decisions: Decisions
  private let input: String
  /// The place of the last node that reads each value.
  private var last: [String: Int] = [:]
  /// Those that are still to be read, and the last node's.
  private(set) var values: [String: ExactCall.Operand]
  /// Whether every node's numbers are rounded down to single precision.
  var rounds = false

  init(
    _ nodes: [Node], _ constants: [String: Constant], _ decisions: Decisions, input: String,
    _ start: ExactCall.Operand
  ) {
    (self.nodes, self.constants, self.decisions) = (nodes, constants, decisions)
    (self.input, values) = (input, [input: start])
    for (place, node) in nodes.enumerated() { for name in node.reads { last[name] = place } }
  }

  /// Runs a node.
  ///
  /// - Parameters:
  ///   - place: Its number; all before it were run.
  ///   - use: Given each of its results.
  /// - Throws: `ExactnessError`, `NetworkError`, `MemoryError`, and what `use` throws.
  mutating func run(
    _ place: Int, use: (_ name: String, _ value: Exact) throws -> Void
  ) throws {
    let node = nodes[place]
    // What nobody reads after the node before this one.
    if place > 0 {
      let before = nodes[place - 1]
      for name in before.reads + before.outputs where last[name] ?? 0 < place && name != input {
        values[name] = nil
      }
    }
    try run(node)
    for name in node.outputs {
      guard var value = values[name] else { continue }
      if rounds {
        value = .init(exact: value.exact.roundedDown, type: value.type, constant: value.constant)
        values[name] = value
      }
      try use(name, value.exact)
    }
    try Room.current?.check([0], of: node.title)
  }

  private func operand(_ name: String) -> ExactCall.Operand? {
    values[name]
      ?? constants[name].map { .init(exact: Exact($0.tensor), type: $0.type, constant: $0) }
  }

  private func constant(_ name: String) -> Constant? { values[name]?.constant ?? constants[name] }

  private mutating func run(_ node: Node) throws {
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
