import Blocks
import Graphs
import Autodiff
package import Tensors

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
      guard let name = node.input(0) else {
        throw NetworkError.invalidNode(node.title, reason: "its input is missing")
      }
      let shape = try shape(name)
      let start = node.int("start", default: 0)
      let end = node.int("end", default: shape.rank)
      let clamped = { (i: Int) in max(0, min(shape.rank, i < 0 ? i + shape.rank : i)) }
      let part = shape.dimensions[clamped(start)..<max(clamped(start), clamped(end))]
      operands[node.outputs[0]] = .constant(
        Constant(Tensor([part.count], part.map(Float.init)), isInteger: true))
      return true
    }
    guard node.inputs.allSatisfy({ $0.isEmpty || constant($0) != nil }),
      let run = TapeOperator.table[node.type]
    else { return false }
    let call = call(node)
    for (output, name) in node.outputs.enumerated() where !name.isEmpty {
      let result = try run(call.with([]).with(output: output))
      try hold(result.shape)
      let type = node.resultType(output, of: call)
      operands[name] = .constant(
        Constant(result.value, isInteger: type.isInteger, range: type.range))
    }
    return true
  }

  func call(_ node: Node) -> TapeCall {
    var constants: [String: Constant] = [:]
    for name in node.inputs { if let constant = constant(name) { constants[name] = constant } }
    return TapeCall(
      node: node, constants: constants,
      integerNames: Set(node.inputs.filter(integerNames.contains)))
  }

  /// Adds a node that the tape computes, one instruction an output.
  ///
  /// It runs once, on zeros, to learn its shape.
  mutating func lowerToTape(_ node: Node) throws {
    guard let run = TapeOperator.table[node.type] else {
      throw NetworkError.unsupported([node.title])
    }
    let call = call(node)
    let names = call.variableNames
    let zeros = try names.map { Variable(Tensor(try shape($0))) }
    for (output, name) in node.outputs.enumerated() where !name.isEmpty {
      let own = call.with(output: output)
      let result = try run(own.with(zeros))
      try hold(result.shape)
      let inputs = try names.map { try asTensor($0) }
      let value = program.value(.tensor(result.shape))
      program.instructions.append(
        Instruction(operation: .tape(own), inputs: inputs, outputs: [value]))
      operands[name] = .value(value, result.shape)
      if node.resultType(output, of: call).isInteger { integerNames.insert(name) }
    }
  }

  /// The value of a name; that of a constant is made by an instruction of its own.
  package mutating func materialized(_ name: String) throws -> (value: Value, shape: Shape) {
    switch operands[name] {
    case .value(let value, let shape)?: return (value, shape)
    case .constant(let constant)?:
      let node = Node("Identity", inputs: [name], outputs: [name])
      let value = program.value(.tensor(constant.tensor.shape))
      program.instructions.append(
        Instruction(operation: .tape(call(node)), inputs: [], outputs: [value]))
      return (value, constant.tensor.shape)
    case nil: throw NetworkError.missingValue(name)
    }
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

  /// What kind of numbers an output of this node is.
  fileprivate func resultType(_ output: Int, of call: TapeCall) -> (
    isInteger: Bool, range: ClosedRange<Float>?
  ) {
    func like(_ position: Int) -> (Bool, ClosedRange<Float>?) {
      (call.isInteger(position), self.input(position).flatMap { call.constants[$0]?.range })
    }
    func type(_ number: Int) -> (Bool, ClosedRange<Float>?) {
      let type = ElementType(rawValue: number)
      return (type.isInteger, type.range)
    }
    switch self.type {
    case "Cast": return type(int("to", default: 1))
    case "EyeLike":
      if case .int(let number)? = attributes["dtype"] { return type(number) }
      return like(0)
    case "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Not", "And", "Or", "Xor",
      "IsNaN", "IsInf":
      return type(ElementType.bool.rawValue)
    case "Size", "NonZero", "ArgMax", "ArgMin": return (true, nil)
    case "ConstantOfShape":
      if case .constant(let constant)? = attributes["value"] {
        return (constant.isInteger, constant.range)
      }
      return (false, nil)
    case "CastLike", "Where": return like(1)
    case "OneHot": return like(2)
    case "QuantizeLinear": return input(2) == nil ? type(int("output_dtype", default: 2)) : like(2)
    case "DequantizeLinear": return (false, nil)
    case "Dropout": return output == 0 ? like(0) : type(ElementType.bool.rawValue)
    case "MaxPool", "TopK": return output == 0 ? like(0) : (true, nil)
    default: return like(0)
    }
  }
}
