import Autodiff
import Blocks
import Memory
import Tensors

extension Operator {
  /// Recurrent layers, step by step.
  ///
  /// Sources: Elman, "Finding Structure in Time", 1990; Hochreiter and Schmidhuber, "Long Short-Term Memory",
  /// 1997, with the peepholes of Gers and Schmidhuber, 2000; Cho et al., "Learning Phrase Representations
  /// using RNN Encoder–Decoder…", 2014. Names, orders and defaults are ONNX's.
  static let recurrent: [Operator] = [
    recurrent("RNN", gates: 1, functions: ["Tanh"]) { cell, x, state, _ in
      (cell.functions[0](cell.clipped(x + cell.recurred(state.hidden))), state.cell)
    },
    recurrent("GRU", gates: 3, functions: ["Sigmoid", "Tanh"]) { cell, x, state, node in
      cell.gatedUnit(x, state, resetsFirst: node.int("linear_before_reset", default: 0) == 0)
    },
    recurrent("LSTM", gates: 4, functions: ["Sigmoid", "Tanh", "Tanh"]) { cell, x, state, node in
      cell.longShortTermMemory(x, state, couples: node.int("input_forget", default: 0) != 0)
    },
  ]

  /// A step: from what the input adds up to, (batch, gates · size), and the state to the next state.
  private typealias Step =
    @Sendable (RecurrentCell, Variable, RecurrentCell.State, Node) -> (
      hidden: Variable, cell: Variable
    )

  private static func recurrent(
    _ type: String, gates: Int, functions: [String], _ step: @escaping Step
  ) -> Operator {
    Operator(
      type, .other,
      cost: { shapes in
        guard let x = shapes.input(0), let w = shapes.input(1), let r = shapes.input(2),
          x.rank == 3
        else { return 0 }
        return MemoryLimit.product([x[0], x[1], MemoryLimit.sum(w.count, r.count)])
      }
    ) { call in
      let layer = try RecurrentLayer(call, gates: gates, functions: functions)
      var results: [Int: [Variable]] = [:]
      for direction in 0..<layer.directions {
        let run = try layer.run(direction) { step($0, $1, $2, call.node) }
        for (output, part) in [run.all, run.hidden, run.cell].enumerated() {
          results[output, default: []].append(part)
        }
      }
      guard let parts = results[call.output] else { throw call.invalid("output \(call.output)") }
      // (steps, directions, batch, size), or (directions, batch, size) of what is left at the end.
      let result = concatenate(parts, alongAxis: call.output == 0 ? 1 : 0)
      guard layer.batchFirst else { return result }
      return result.transposed(call.output == 0 ? [2, 0, 1, 3] : [1, 0, 2])
    }
  }
}

/// A recurrent node's inputs, checked.
private struct RecurrentLayer {
  let call: TapeCall
  let directions: Int
  let batchFirst: Bool
  private let gates: Int
  private let functions: [[RecurrentCell.Function]]
  private let size: Int
  /// (steps, batch, features).
  private let x: Variable
  /// Steps of each sequence; nil: all.
  private let lengths: [Int]?

  init(_ call: TapeCall, gates: Int, functions usual: [String]) throws {
    (self.call, self.gates) = (call, gates)
    let direction = try call.word("direction", of: ["forward", "reverse", "bidirectional"])
    directions = direction == "bidirectional" ? 2 : 1
    batchFirst = call.node.int("layout", default: 0) != 0
    let input = try call.input(0)
    try call.require(input.shape.rank == 3 && input.shape.count > 0, "an input of \(input.shape)")
    x = batchFirst ? input.transposed([1, 0, 2]) : input
    let (weights, recurrence) = (try call.input(1).shape, try call.input(2).shape)
    size = recurrence.dimensions.last ?? 0
    try call.require(
      size > 0 && weights == [directions, gates * size, x.shape[2]]
        && recurrence == [directions, gates * size, size],
      "weights \(weights) and \(recurrence) for \(directions) directions and an input of "
        + "\(input.shape)")
    functions = try RecurrentCell.functions(call, usual: usual, directions: directions)
    let steps = x.shape[0]
    guard let given = call.optionalInput(4) else {
      lengths = nil
      return
    }
    try call.require(given.shape.count == x.shape[1], "\(given.shape) lengths of sequences")
    let counts = Constant(given.value).integers.map { max(0, min($0, steps)) }
    lengths = counts.allSatisfy { $0 == steps } ? nil : counts
  }

  /// One direction: what each step yields, and the state at the end.
  func run(
    _ direction: Int,
    _ step: (RecurrentCell, Variable, RecurrentCell.State) -> (hidden: Variable, cell: Variable)
  ) throws -> (all: Variable, hidden: Variable, cell: Variable) {
    let (steps, batch) = (x.shape[0], x.shape[1])
    let width = gates * size
    func part(_ position: Int, _ shape: Shape) throws -> Variable? {
      guard let whole = call.optionalInput(position) else { return nil }
      let axis = batchFirst && (5...6).contains(position) ? 1 : 0
      try call.require(
        whole.shape.rank > axis && whole.shape[axis] == directions
          && whole.shape.count == directions * shape.count,
        "input \(position) of \(whole.shape)")
      return whole.sliced(direction..<direction + 1, alongAxis: axis).reshaped(to: shape)
    }
    guard let weights = try part(1, [width, x.shape[2]]),
      let recurrence = try part(2, [width, size])
    else { throw call.invalid("its weights are missing") }
    let biases = try part(3, [2, width])
    let cell = RecurrentCell(
      size: size, recurrence: recurrence, turned: recurrence.transposedMatrices(),
      bias: biases?.sliced(1..<2, alongAxis: 0), peepholes: try part(7, [3, size]),
      functions: functions[direction], clip: call.node.float("clip", default: 0))
    let zero = Variable(Tensor([batch, size]))
    var state = RecurrentCell.State(
      hidden: try part(5, [batch, size]) ?? zero, cell: try part(6, [batch, size]) ?? zero)
    let (all, last): (Shape, Shape) = ([1, 1, batch, size], [1, batch, size])
    if call.isOnlyForShape {
      let end = Variable(Tensor(last))
      return (Variable(Tensor([steps, 1, batch, size])), end, end)
    }
    var sums = product(
      x.reshaped(to: [steps * batch, x.shape[2]]), weights.transposedMatrices(), turned: weights)
    if let biases { sums = sums + biases.sliced(0..<1, alongAxis: 0) }
    let isReversed = direction == 1 || call.node.string("direction", default: "") == "reverse"
    let inputs = parts(of: sums, count: steps, alongAxis: 0)
    var yields = [Variable](repeating: zero, count: steps)
    for place in isReversed ? (0..<steps).reversed() : Array(0..<steps) {
      let next = step(cell, inputs[place], state)
      guard let lengths else {
        state = .init(hidden: next.hidden, cell: next.cell)
        yields[place] = next.hidden
        continue
      }
      // A sequence that has ended keeps its state and yields nothing.
      let lasts = Variable(Tensor([batch, 1], lengths.map { place < $0 ? 1 : 0 }))
      yields[place] = next.hidden * lasts
      state.hidden = yields[place] + state.hidden * (1 - lasts)
      state.cell = next.cell * lasts + state.cell * (1 - lasts)
    }
    return (
      concatenate(yields.map { $0.reshaped(to: all) }), state.hidden.reshaped(to: last),
      state.cell.reshaped(to: last)
    )
  }
}
