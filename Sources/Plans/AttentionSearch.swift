import Blocks
import Graphs
import Tensors

/// Finds attention among a program's instructions.
struct AttentionSearch {
  private(set) var program: Program
  private let kept: Set<Value>
  private let readers: [Value: [Int]]
  private let makers: [Value: Int]

  /// Of more, each of hardly any work, none is worth its place in a list.
  private static let mostHeads = 1 << 16

  init(_ program: Program, keeping kept: Set<Value>) {
    (self.program, self.kept) = (program, kept)
    (readers, makers) = (program.readers(), program.makers())
  }

  /// A value's elements as those of another, times a factor.
  private struct Operand {
    var base: Value
    var view: StridedView
    var factor: Float = 1
  }

  /// Makes attention whose last product is at a place one instruction.
  mutating func replaceAttention(endingAt place: Int) {
    guard let last = product(at: place),
      let scores = AttentionScores(of: last.factors[0], in: self),
      let first = product(at: scores.place), !last.shape.dimensions.contains(0),
      !first.shape.dimensions.contains(0)
    else { return }
    let (q, v) = (operand(first.factors[0], scaled: true), operand(last.factors[1], scaled: false))
    var k = operand(first.factors[1], scaled: true)
    k.view = k.view.transposed(
      k.view.extents.indices.dropLast(2) + [first.rank - 1, first.rank - 2])
    let heads = last.shape.dimensions.dropLast(2).reduce(1, *)
    let (queries, keys) = (first.shape[-2], first.shape[-1])
    guard ![q.base, k.base, v.base].contains(0), q.view.extents.last != 0,
      heads <= Self.mostHeads,
      heads == first.shape.dimensions.dropLast(2).reduce(1, *),
      last.shape[-2] == queries, v.view.extents.suffix(2).first == keys
    else { return }
    let output = destination(of: program.instructions[place].output, at: place)
    let (width, valueWidth) = (q.view.extents.last ?? 0, last.shape[-1])
    var (bases, tokens) = ([Value](), [Attention.Tokens]())
    for (operand, width) in [(q, width), (k, width), (v, valueWidth)] {
      var own = Attention.Tokens(operand.view)
      let base = madeInBlocks(operand.base, own, width: width) ?? operand.base
      own.operand = bases.firstIndex(of: base) ?? bases.count
      if own.operand == bases.count { bases.append(base) }
      tokens.append(own)
    }
    var written = Attention.Tokens(output.view)
    written.operand = 0
    let blocks = readInBlocks(output.value, written, width: valueWidth)
    let end = blocks?.place ?? output.place
    program.instructions[end].operation = .attention(
      Attention(
        queries: queries, keys: keys, width: width, valueWidth: valueWidth,
        scale: scores.factor * q.factor * k.factor,
        bias: scores.bias(heads: heads, queries: queries, keys: keys), query: tokens[0],
        key: tokens[1], value: tokens[2], output: written))
    program.instructions[end].inputs = bases
    program.instructions[end].outputs = [blocks?.value ?? output.value]
  }

  // MARK: Products and scores

  /// A product of two stacks of as many matrices, neither of which is a constant.
  private struct Product {
    var factors: [Value]
    var shape: Shape
    var rank: Int { shape.rank }
  }

  private func product(at place: Int) -> Product? {
    let instruction = program.instructions[place]
    guard let call = instruction.call, call.node.type == "MatMul", instruction.inputs.count == 2,
      let shape = shape(instruction.output), shape.rank >= 2,
      instruction.inputs.allSatisfy({
        self.shape($0)?.dimensions.dropLast(2) == shape.dimensions.dropLast(2)
      })
    else { return nil }
    return Product(factors: instruction.inputs, shape: shape)
  }

  /// The shape of a value that is a tensor.
  func shape(_ value: Value) -> Shape? {
    if case .tensor(let shape) = program.forms[value] { shape } else { nil }
  }

  /// The place of what makes a value that one instruction alone reads.
  func soleMaker(of value: Value) -> Int? {
    guard !kept.contains(value), readers[value]?.count == 1 else { return nil }
    return makers[value]
  }

  // MARK: What is read and written

  /// Follows a value back through what only moves or chooses elements, and where a factor is welcome, through scalings.
  private func operand(_ value: Value, scaled: Bool) -> Operand {
    var (way, base) = ([Int](), value)
    while !kept.contains(base), let place = makers[base],
      let source = program.instructions[place].moved(scaling: scaled), shape(source) != nil,
      source != 0
    {
      way.append(place)
      base = source
    }
    // Where no strides say where elements are, the way begins behind.
    var operand = Operand(base: base, view: StridedView(program.shape(of: base)))
    for place in way.reversed() {
      let instruction = program.instructions[place]
      let shape = program.shape(of: instruction.output)
      let factor = scaled ? instruction.scaling : nil
      let view =
        if let call = instruction.call, factor == nil {
          operand.view.passing(call, to: shape)
        } else {
          operand.view.reshaped(shape)
        }
      if let view {
        operand.view = view
        operand.factor *= factor ?? 1
      } else {
        operand = Operand(base: instruction.output, view: StridedView(shape))
      }
    }
    return operand
  }

  /// Follows a result on to where it is read in another order, or as it is.
  ///
  /// - Returns: The value that is read, where its elements are the result's, and the place of what makes it.
  private func destination(
    of value: Value, at place: Int
  ) -> (value: Value, view: StridedView, place: Int) {
    var way = [(value: value, place: place)]
    while let value = way.last?.value, !kept.contains(value), let next = readers[value],
      next.count == 1,
      program.instructions[next[0]].moved(scaling: false) == value,
      program.instructions[next[0]].call?.node.type ?? "Transpose" == "Transpose"
    {
      way.append((program.instructions[next[0]].output, next[0]))
    }
    while let end = way.last {
      var view: StridedView? = StridedView(program.shape(of: end.value))
      for (step, before) in zip(way.dropFirst(), way).reversed() {
        let shape = program.shape(of: before.value)
        if let call = program.instructions[step.place].call {
          let order = call.node.ints("perm") ?? shape.dimensions.indices.reversed()
          view = view?.transposed(order.indices.map { order.firstIndex(of: $0) ?? $0 })
        } else {
          view = view?.reshaped(shape)
        }
      }
      if let view { return (end.value, view, end.place) }
      way.removeLast()
    }
    return (value, StridedView(program.shape(of: value)), place)
  }

  /// The channel blocks that a tensor of rows is made of, where vectors can be read there.
  private func madeInBlocks(_ base: Value, _ tokens: Attention.Tokens, width: Int) -> Value? {
    guard !kept.contains(base), let maker = makers[base],
      case .blocksToRows = program.instructions[maker].operation
    else { return nil }
    let blocks = program.instructions[maker].inputs[0]
    guard blocks != 0, fits(blocks, tokens, width: width) else { return nil }
    return blocks
  }

  /// The channel blocks that a tensor of rows is made into, where vectors can be written there.
  private func readInBlocks(
    _ value: Value, _ tokens: Attention.Tokens, width: Int
  ) -> (value: Value, place: Int)? {
    guard !kept.contains(value), let next = readers[value], next.count == 1,
      case .rowsToBlocks = program.instructions[next[0]].operation
    else { return nil }
    let blocks = program.instructions[next[0]].output
    guard case .blocks(_, let channels, _, _) = program.forms[blocks], channels.isMultiple(of: 16),
      fits(blocks, tokens, width: width)
    else { return nil }
    return (blocks, next[0])
  }

  private func fits(_ blocks: Value, _ tokens: Attention.Tokens, width: Int) -> Bool {
    guard case .blocks(1, let channels, 1, _) = program.forms[blocks] else { return false }
    return tokens.fitBlocks(channels: channels, width: width)
  }
}

extension Attention.Tokens {
  /// The vectors of a stack of matrices, one a row.
  fileprivate init(_ view: StridedView) {
    self.init(
      heads: view.places(ofFirst: view.extents.count - 2), token: view.strides.suffix(2).first ?? 0,
      number: view.strides.last ?? 0)
  }
}

extension Program {
  /// The shape of a tensor.
  fileprivate func shape(of value: Value) -> Shape {
    guard case .tensor(let shape) = forms[value] else {
      preconditionFailure("shape: value \(value) is no tensor")
    }
    return shape
  }
}

extension Instruction {
  /// What the tape computes, if it does.
  var call: TapeCall? {
    if case .tape(let call) = operation { call } else { nil }
  }

  /// The one number that its only input is multiplied with, if that is what it does.
  var scaling: Float? {
    guard let call, inputs.count == 1, call.node.inputs.count == 2,
      let constant = call.constants.first?.value, call.constants.count == 1, constant.count == 1
    else { return nil }
    switch call.node.type {
    case "Mul": return constant.tensor.scalar
    // Its inverse is exact only for powers of two, and within one rounding otherwise.
    case "Div" where call.constants[call.node.inputs[1]] != nil:
      return 1 / constant.tensor.scalar
    default: return nil
    }
  }

  /// The input whose elements the result is, moved or chosen, and where that is welcome, scaled.
  fileprivate func moved(scaling: Bool) -> Value? {
    switch operation {
    case .toTensor: return inputs[0]
    case .tape(let call) where inputs.count == 1:
      return call.isRearrangement || scaling && self.scaling != nil ? inputs[0] : nil
    default: return nil
    }
  }
}
