import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// Recurrent layers, step by step, with the usual functions and without peepholes.
  static let recurrent: [ExactOperator] = [
    layer("LSTM") { step, state in
      let sums = step.input + step.recurred(state.hidden)
      let (input, output) = (step.gate(0, sums).logistic, step.gate(1, sums).logistic)
      let cell =
        step.gate(2, sums).logistic * state.cell + input * step.gate(3, sums).tangent
      return (output * cell.tangent, cell)
    },
    layer("GRU") { step, state in
      let recurred = step.recurred(state.hidden)
      let sums = step.input + recurred
      let (update, reset) = (step.gate(0, sums).logistic, step.gate(1, sums).logistic)
      let recalled =
        step.resetsFirst
        ? step.gate(2, step.recurred(reset * state.hidden)) : reset * step.gate(2, recurred)
      let candidate = (step.gate(2, step.input) + recalled).tangent
      return (candidate + update * (state.hidden - candidate), state.cell)
    },
    layer("RNN") { step, state in
      ((step.input + step.recurred(state.hidden)).tangent, state.cell)
    },
  ]

  /// What a step sees beside the state.
  private struct Step {
    /// What the input adds to the gates' sums, batch × gates · size.
    let input: Exact
    /// What a state adds to them.
    let recurred: (Exact) -> Exact
    let size: Int
    /// Whether the reset gate acts before the product.
    let resetsFirst: Bool

    /// One gate's part of sums.
    func gate(_ place: Int, _ sums: Exact) -> Exact {
      sums.sliced(place * size..<(place + 1) * size, axis: 1)
    }
  }

  private typealias State = (hidden: Exact, cell: Exact)

  private static func layer(
    _ type: String, _ step: @escaping @Sendable (Step, State) -> State
  ) -> ExactOperator {
    ExactOperator(type) { call in
      guard call.node.attributes["activations"] == nil, call.node.attributes["clip"] == nil,
        call.optional(4) == nil, call.optional(7) == nil,
        call.node.int("layout", default: 0) == 0, call.node.int("input_forget", default: 0) == 0
      else { throw call.unknown("with functions, lengths, peepholes or a layout of its own") }
      let x = try call.input(0)
      let (w, r) = (try call.input(1), try call.input(2))
      let (steps, batch, size) = (x.shape[0], x.shape[1], r.shape[2])
      try call.requireRoom(steps, batch, w.shape[0] * (3 * w.shape[1] + x.shape[2]))
      let isReversed = call.string("direction", "forward") == "reverse"
      var all: [Exact] = []
      var last: [State] = []
      for direction in 0..<w.shape[0] {
        func own(_ value: Exact) -> Exact {
          value.sliced(direction..<direction + 1, axis: 0)
            .reshaped(Shape(Array(value.shape.dimensions.dropFirst())))
        }
        let zeros = Exact([batch, size], [Double](repeating: 0, count: batch * size))
        var state = (
          hidden: call.optional(5).map(own) ?? zeros, cell: call.optional(6).map(own) ?? zeros
        )
        let (weights, recurrence) = (own(w).turned, own(r).turned)
        let both = call.optional(3).map(own)
        let half = (both?.shape.count ?? 0) / 2
        let bias = both?.sliced(0..<half, axis: 0) ?? Exact(0)
        let recurrentBias = both?.sliced(half..<2 * half, axis: 0) ?? Exact(0)
        var results = [Exact](repeating: zeros, count: steps)
        for place in 0..<steps {
          let time = direction == 0 && !isReversed ? place : steps - 1 - place
          let now = x.sliced(time..<time + 1, axis: 0).reshaped([batch, x.shape[2]])
          state = step(
            Step(
              input: Exact.product(now, weights) + bias,
              recurred: { Exact.product($0, recurrence) + recurrentBias }, size: size,
              resetsFirst: call.node.int("linear_before_reset", default: 0) == 0), state)
          results[time] = state.hidden
        }
        all.append(.joined(results.map { $0.reshaped([1, 1, batch, size]) }, axis: 0))
        last.append(state)
      }
      switch call.output {
      case 0: return .joined(all, axis: 1)
      case 1: return .joined(last.map { $0.hidden.reshaped([1, batch, size]) }, axis: 0)
      default: return .joined(last.map { $0.cell.reshaped([1, batch, size]) }, axis: 0)
      }
    }
  }
}

extension Exact {
  fileprivate var logistic: Exact { map({ ExactOperator.logistic($0) }) { _, y in y * (1 - y) } }
  fileprivate var tangent: Exact { map({ tanh($0) }) { _, y in 1 - y * y } }
}
