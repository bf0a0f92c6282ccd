import Blocks
package import Graphs
package import Tensors

/// Rewrites a graph, node by node, into a program for one input shape.
///
/// What a node computes from constants alone is computed here and leaves no instruction. A reshape
/// leaves none either: a value remembers the shape that the graph gives it beside the form it is kept in.
package struct Lowering {
  /// What a name of the graph stands for.
  package enum Operand {
    /// A value and the shape that the graph gives it; its form has as many scalars in the same order.
    case value(Value, Shape)
    case constant(Constant)
    /// A list of values, by their names.
    case list([String])
    /// An optional value that is left out.
    case absent
  }

  package var program = Program()
  package var operands: [String: Operand] = [:]
  /// The batch that the graph was written for, where it says one; constants may have it baked in.
  let declaredBatch: Int?
  let batch: Int
  /// How gradients will pass the nodes.
  let rule: GradientRule
  /// The values whose gradients somebody wants to see: they stay on the way to what is read.
  private(set) var observed = Set<Value>()
  /// The names of these: one that only renames a value is made a value of its own, as others may read that.
  let watched: Set<String>
  /// The names of the graph's own tensors.
  private let stored: Set<String>
  /// Whether shapes are all that is wanted: weights are neither read nor turned then, and the program is not to be run.
  let onlyShapes: Bool
  /// The types of values that are no plain floats, which their form does not tell.
  var kinds: [String: ElementType] = [:]
  /// How many nodes loops have been written out into, values are held in lists, and names been made up.
  var (unrolled, listed, freshCount) = (0, 0, 0)
  /// Layers' names by the values that they yield.
  package var layers: [String: String] = [:]
  /// A value in another form, once it was asked for in it.
  private struct Copy: Hashable {
    let value: Value
    let form: Form
  }
  private var copies: [Copy: Value] = [:]
  /// Tensors of rows of channels by the same in channel blocks.
  var twins: [Value: Value] = [:]
  /// The constants whose floats are counted.
  private var unpacked: Set<String> = []
  /// What the tensors will take, and what it takes to learn their shapes.
  package var account: LoweringAccount

  /// Starts with the network's input, value 0.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - input: The input's name.
  ///   - shape: Its shape.
  ///   - rule: How gradients will pass the nodes.
  ///   - watched: The names of the values whose gradients will be wanted.
  ///   - copies: How many times the plan will hold what a node on whole tensors makes: twice with a gradient, never
  ///     where only shapes are wanted.
  ///   - onlyShapes: Whether shapes are all that is wanted.
  package init(
    _ graph: Graph, input: String, shape: Shape, rule: GradientRule = .standard,
    watching watched: Set<String> = [], copies: Int = 0, onlyShapes: Bool = false
  ) {
    (self.rule, self.watched, self.onlyShapes) = (rule, watched, onlyShapes)
    stored = Set(graph.constants.keys)
    account = LoweringAccount(graph, inputCount: shape.count, copies: copies)
    declaredBatch = graph.inputs.first { $0.name == input }?.dimensions.first ?? nil
    batch = shape.rank > 0 ? shape[0] : 1
    let value = program.value(Self.blocks(shape) ?? .tensor(shape))
    operands[input] = .value(value, shape)
    for (name, constant) in graph.constants { operands[name] = .constant(constant) }
    if let type = graph.inputs.first(where: { $0.name == input })?.type, type != .float {
      kinds[input] = type
    }
  }

  /// The form in channel blocks of a shape: N×C×H×W, N×C×L as a row, N×F as single pixels.
  static func blocks(_ shape: Shape) -> Form? {
    let d = shape.dimensions
    guard d.allSatisfy({ $0 > 0 }) else { return nil }
    switch d.count {
    case 4: return .blocks(batch: d[0], channels: d[1], height: d[2], width: d[3])
    case 3: return .blocks(batch: d[0], channels: d[1], height: 1, width: d[2])
    case 2: return .blocks(batch: d[0], channels: d[1], height: 1, width: 1)
    default: return nil
    }
  }

  /// Adds a node of the graph.
  ///
  /// - Throws: `NetworkError` naming the node where its inputs do not fit it.
  package mutating func lower(_ node: Node) throws {
    try emit(node)
    try replaceDerivative(of: node)
  }

  /// Adds a node's instructions.
  mutating func emit(_ node: Node) throws {
    guard node.outputs.contains(where: { !$0.isEmpty }), !isSkipped(node) else { return }
    if node.isChoice { return try lowerChoice(node) }
    if try lowerStructure(node) { return }
    try unpack(node)
    if try foldConstants(node) { return }
    if Self.blockOperators[node.type] != nil, node.input(0) == nil || node.outputs[0].isEmpty {
      throw NetworkError.invalidNode(node.title, reason: "its first input or output is missing")
    }
    // Integers follow rules of their own, which the kernels do not know.
    if let lower = Self.blockOperators[node.type], !isInteger(node.inputs[0]),
      try lower(&self, node)
    {
      return
    }
    try lowerToTape(node)
  }

  /// Takes account of the weights that become floats where the node runs.
  private mutating func unpack(_ node: Node) throws {
    guard !onlyShapes, Operator.table[node.type]?.role(call(node)) != .constant else { return }
    for name in node.inputs {
      guard let count = constant(name)?.unpackedCount, count > 0,
        unpacked.insert(name).inserted
      else { continue }
      try account.unpack(count)
    }
  }

  /// Takes note that the gradients of some names' values will be wanted; before anything is read.
  ///
  /// - Returns: The values that all readers' gradients come back to: of rows that are made in channel blocks,
  ///   those, which not every reader reads as a tensor.
  package mutating func observe(_ names: [String]) throws -> [Observation] {
    let values = try names.map { try materialized($0) }
    let makers = program.makers()
    return values.map { observe($0.value, $0.shape, madeBy: makers[$0.value]) }
  }

  private mutating func observe(
    _ value: Value, _ shape: Shape, madeBy maker: Int?
  ) -> Observation {
    if let maker = maker.map({ program.instructions[$0] }), case .blocksToRows = maker.operation {
      observed.insert(maker.inputs[0])
      return Observation(value: maker.inputs[0], shape: shape, isRows: true, order: nil)
    }
    observed.insert(value)
    return Observation(value: value, shape: shape, isRows: false, order: nil)
  }

  func shape(_ name: String) throws -> Shape {
    switch operands[name] {
    case .value(_, let shape)?: return shape
    case .constant(let constant)?: return constant.shape
    case .list(let names)?:
      throw NetworkError.invalidNode(name, reason: "it is a list of \(names.count), not one value")
    case .absent?: throw NetworkError.invalidNode(name, reason: "it has been left out")
    case nil: throw NetworkError.missingValue(name)
    }
  }

  /// The shapes of all values so far that are no constants.
  package var shapes: [String: Shape] {
    operands.compactMapValues { if case .value(_, let shape) = $0 { shape } else { nil } }
  }

  /// Whether a name stands for a tensor of the graph's own, which all its plans read.
  func isStored(_ name: String) -> Bool { stored.contains(name) }

  /// Whether a value is integers or Booleans.
  func isInteger(_ name: String) -> Bool { kinds[name]?.isInteger ?? false }

  func constant(_ name: String?) -> Constant? {
    guard let name, case .constant(let constant)? = operands[name] else { return nil }
    return constant
  }

  /// Whether a name is kept in channel blocks of the shape that the graph gives it, or may as well be.
  func isInBlocks(_ name: String) -> Bool {
    guard case .value(let value, let shape)? = operands[name], let form = Self.blocks(shape)
    else { return false }
    return program.forms[value] == form || copies[Copy(value: value, form: form)] != nil
  }

  /// The value of a name in channel blocks of the shape that the graph gives it, if that has any.
  mutating func asBlocks(_ name: String) -> Value? {
    guard case .value(let value, let shape)? = operands[name], let form = Self.blocks(shape)
    else { return nil }
    if program.forms[value] == form { return value }
    if let copy = copies[Copy(value: value, form: form)] { return copy }
    var source = value
    if case .blocks = program.forms[value] { source = asTensor(value, shape) }
    let result = program.value(form)
    program.instructions.append(
      Instruction(operation: .toBlocks, inputs: [source], outputs: [result]))
    copies[Copy(value: value, form: form)] = result
    return result
  }

  /// The value of a name as a tensor.
  mutating func asTensor(_ name: String) throws -> Value {
    switch operands[name] {
    case .value(let value, let shape)?:
      return asTensor(value, shape)
    default:
      _ = try shape(name)
      throw NetworkError.missingValue(name)
    }
  }

  private mutating func asTensor(_ value: Value, _ shape: Shape) -> Value {
    let copy = Copy(value: value, form: .tensor(shape))
    if program.forms[value] == copy.form { return value }
    if let result = copies[copy] { return result }
    let result = program.value(copy.form)
    copies[copy] = result
    program.instructions.append(
      Instruction(operation: .toTensor, inputs: [value], outputs: [result]))
    return result
  }

  /// Adds an instruction whose one result, in channel blocks, is the node's.
  ///
  /// - Throws: `NetworkError` where it is larger than any tensor may be.
  mutating func emit(
    _ operation: Operation, _ inputs: [Value], clamp: Clamp? = nil, for node: Node, shape: Shape
  ) throws {
    try Self.check(shape.dimensions, of: node)
    guard let form = Self.blocks(shape) else { preconditionFailure("emit: shape \(shape)") }
    let result = program.value(form)
    program.instructions.append(
      Instruction(
        operation: operation, inputs: inputs, outputs: [result], clamp: clamp,
        layer: layers[node.outputs[0]] ?? ""))
    operands[node.outputs[0]] = .value(result, shape)
  }

  /// Makes the node's result another name, under another shape, for one of its inputs.
  mutating func rename(_ name: String, to node: Node, shape: Shape? = nil) throws {
    switch operands[name] {
    case .value where watched.contains(node.outputs[0]):
      try lowerToTape(node)
    case .value(let value, let old)?:
      operands[node.outputs[0]] = .value(value, shape ?? old)
      kinds[node.outputs[0]] = kinds[name]
    case .constant(let constant)?:
      operands[node.outputs[0]] = .constant(constant)
    default: _ = try self.shape(name)
    }
  }
}
