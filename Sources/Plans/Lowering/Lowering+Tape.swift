import Autodiff
import Blocks
import Graphs
package import Tensors

extension Lowering {
  /// Computes a node now if everything it reads is known.
  mutating func foldConstants(_ node: Node) throws -> Bool {
    guard let known = Operator.table[node.type] else { return false }
    if node.type == "Cast", node.int("to", default: 0) == ElementType.float.rawValue,
      var constant = constant(node.input(0)), constant.type.isShortFloat,
      let name = node.outputs.first
    {
      // The same numbers, which need not be read for that.
      constant.type = .float
      operands[name] = .constant(constant)
      return true
    }
    var call = call(node)
    if known.role(call) == .constant {
      var shapes: [String: Shape] = [:]
      for name in node.inputs where !name.isEmpty { shapes[name] = try shape(name) }
      call = call.with(shapes: shapes)
    } else {
      guard node.inputs.allSatisfy({ $0.isEmpty || constant($0) != nil }) else { return false }
    }
    for (output, name) in node.outputs.enumerated() where !name.isEmpty {
      let own = call.with(output: output)
      let result = try known.run(own.with([], workLimit: account.workLeft))
      try hold(result.shape, of: node, known, isConstant: true)
      operands[name] = .constant(Constant(result.value, of: known.kind(own)))
    }
    return true
  }

  func call(_ node: Node) -> TapeCall {
    var constants: [String: Constant] = [:]
    for name in node.inputs { if let constant = constant(name) { constants[name] = constant } }
    var kinds: [String: ElementType] = [:]
    for name in node.inputs { kinds[name] = self.kinds[name] }
    return TapeCall(node: node, constants: constants, kinds: kinds)
  }

  /// Adds a node that the tape computes, one instruction an output.
  ///
  /// It runs once, on zeros, to learn its shape.
  mutating func lowerToTape(_ node: Node) throws {
    guard let known = Operator.table[node.type] else {
      throw NetworkError.unsupported([node.title])
    }
    let call = call(node)
    let names = call.variableNames
    let zeros = try names.map { Variable(Tensor(try shape($0))) }
    for (output, name) in node.outputs.enumerated() where !name.isEmpty {
      let own = call.with(output: output)
      let result = try known.run(own.with(zeros, workLimit: account.workLeft).onlyForShape)
      try hold(result.shape, of: node, known, isConstant: false)
      let inputs = try names.map { try asTensor($0) }
      let value = program.value(.tensor(result.shape))
      program.instructions.append(
        Instruction(operation: .tape(own), inputs: inputs, outputs: [value]))
      operands[name] = .value(value, result.shape)
      let kind = known.kind(own)
      if kind != .float { kinds[name] = kind }
    }
  }

  /// Takes account of a node's result.
  private mutating func hold(
    _ result: Shape, of node: Node, _ known: Operator, isConstant: Bool
  ) throws {
    // What a node costs follows from its first output.
    let shapes = NodeShapes(node, outputs: [result]) { try? shape($0) }
    try account.hold(
      result, isConstant: isConstant, multiplyAdds: known.cost?(shapes) ?? 0, of: node)
  }

  /// The value of a name; that of a constant is made by an instruction of its own.
  package mutating func materialized(_ name: String) throws -> (value: Value, shape: Shape) {
    switch operands[name] {
    case .value(let value, let shape)?: return (value, shape)
    case .constant(let constant)?:
      let node = Node("Identity", inputs: [name], outputs: [name])
      let value = program.value(.tensor(constant.shape))
      program.instructions.append(
        Instruction(operation: .tape(call(node)), inputs: [], outputs: [value]))
      return (value, constant.shape)
    default:
      _ = try shape(name)
      throw NetworkError.missingValue(name)
    }
  }
}
