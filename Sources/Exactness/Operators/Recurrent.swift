import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// Recurrent layers, step by step, with the usual functions and without peepholes.
  static let recurrent: [ExactOperator] = [
    layer("LSTM") { gates, state in
      let (input, output) = (gates(0).logistic, gates(1).logistic)
      let cell = gates(2).logistic * state.cell + input * gates(3).tangent
      return (output * cell.tangent, cell)
    },
    layer("RNN") { gates, state in (gates(0).tangent, state.cell) },
  ]

  private typealias Step =
    @Sendable (
      _ gate: (Int) -> Exact, _ state: (hidden: Exact, cell: Exact)
    ) -> (hidden: Exact, cell: Exact)

  private static func layer(_ type: String, _ step: @escaping Step) -> ExactOperator {
    ExactOperator(type) { call in
      guard call.node.attributes["activations"] == nil, call.node.attributes["clip"] == nil,
        call.optional(4) == nil, call.optional(7) == nil,
        call.node.int("layout", default: 0) == 0, call.node.int("input_forget", default: 0) == 0,
        ["forward", "bidirectional"].contains(call.string("direction", "forward"))
      else { throw call.unknown("with functions, lengths, peepholes or a layout of its own") }
      let x = try call.input(0)
      let (w, r) = (try call.input(1), try call.input(2))
      let (steps, batch, size) = (x.shape[0], x.shape[1], r.shape[2])
      let directions = w.shape[0]
      var all: [[Exact]] = []
      var last: [(hidden: Exact, cell: Exact)] = []
      for direction in 0..<directions {
        func own(_ value: Exact) -> Exact {
          value.sliced(direction..<direction + 1, axis: 0)
            .reshaped(Shape(Array(value.shape.dimensions.dropFirst())))
        }
        let zeros = Exact([batch, size], [Double](repeating: 0, count: batch * size))
        var state = (
          hidden: call.optional(5).map(own) ?? zeros, cell: call.optional(6).map(own) ?? zeros
        )
        let (input, recurrence) = (own(w).turned, own(r).turned)
        var bias = Exact(0)
        if let both = call.optional(3).map(own) {
          let half = both.shape.count / 2
          bias = both.sliced(0..<half, axis: 0) + both.sliced(half..<2 * half, axis: 0)
        }
        var results = [Exact?](repeating: nil, count: steps)
        for place in 0..<steps {
          let time = direction == 0 ? place : steps - 1 - place
          let now = x.sliced(time..<time + 1, axis: 0).reshaped([batch, x.shape[2]])
          let sum = Exact.product(now, input) + Exact.product(state.hidden, recurrence) + bias
          state = step(
            { sum.sliced($0 * size..<($0 + 1) * size, axis: 1) }, state)
          results[time] = state.hidden
        }
        all.append(results.compactMap { $0?.reshaped([1, 1, batch, size]) })
        last.append(state)
      }
      switch call.output {
      case 0:
        return .joined(all.map { .joined($0, axis: 0) }, axis: 1)
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
