import Autodiff
import Tensors

extension Lowering {
  /// Computes a node now if everything it reads is known.
  mutating func foldConstants(_ node: Node) throws -> Bool {
    if node.type == "Constant" {
      guard let constant = node.constantValue else {
        throw NetworkError.invalidNode(node.title, reason: "it has no value that can be read here")
      }
      operands[node.outputs[0]] = .constant(constant)
      return true
    }
    if node.type == "Shape" {
      let shape = try shape(node.inputs[0])
      let start = node.int("start", default: 0)
      let end = node.int("end", default: shape.rank)
      let clamped = { (i: Int) in max(0, min(shape.rank, i < 0 ? i + shape.rank : i)) }
      let part = shape.dimensions[clamped(start)..<max(clamped(start), clamped(end))]
      operands[node.outputs[0]] = .constant(
        Constant(Tensor([part.count], part.map(Float.init)), isInteger: true))
      return true
    }
    let names = node.inputs.filter { !$0.isEmpty }
    guard names.allSatisfy({ constant($0) != nil }), let run = TapeOperator.table[node.type] else {
      return false
    }
    let constants = Dictionary(
      names.map { ($0, constant($0)) }, uniquingKeysWith: { first, _ in first }
    ).compactMapValues { $0 }
    let result = try run(TapeCall(node: node, constants: constants).with([]))
    let integers = node.yieldsInteger(names.first.flatMap { constants[$0]?.isInteger } ?? false)
    operands[node.outputs[0]] = .constant(Constant(result.value, isInteger: integers))
    return true
  }

  /// Adds a node that the tape computes. It runs once, on zeros, to learn its shape.
  mutating func lowerToTape(_ node: Node) throws {
    guard let run = TapeOperator.table[node.type] else {
      throw NetworkError.unsupported([node.title])
    }
    var constants: [String: Constant] = [:]
    for name in node.inputs { if let constant = constant(name) { constants[name] = constant } }
    let call = TapeCall(node: node, constants: constants)
    let names = call.variableNames
    let result = try run(call.with(try names.map { Variable(Tensor(try shape($0))) }))
    let inputs = try names.map { try asTensor($0) }
    let value = program.value(.tensor(result.shape))
    program.instructions.append(
      Instruction(
        operation: .tape(node, constants: constants), inputs: inputs, outputs: [value]))
    operands[node.outputs[0]] = .value(value, result.shape)
  }
}

extension Node {
  /// The tensor of a Constant node, whichever attribute it stands in.
  fileprivate var constantValue: Constant? {
    for attribute in attributes.values {
      switch attribute {
      case .constant(let constant): return constant
      case .int(let value): return Constant(Tensor(Float(value)), isInteger: true)
      case .ints(let values):
        return Constant(Tensor([values.count], values.map { Float($0) }), isInteger: true)
      case .float(let value): return Constant(Tensor(value))
      case .floats(let values): return Constant(Tensor([values.count], values))
      default: continue
      }
    }
    return nil
  }

  /// Whether the result of this node on integers (or not) is integers.
  fileprivate func yieldsInteger(_ input: Bool) -> Bool {
    switch type {
    case "Cast":
      // ONNX element types 1, 10, 11 and 16 are the floating-point ones.
      ![1, 10, 11, 16].contains(int("to", default: 1))
    case "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Not", "And", "Or", "Size": true
    case "ConstantOfShape":
      if case .constant(let constant)? = attributes["value"] { constant.isInteger } else { false }
    default: input
    }
  }
}
