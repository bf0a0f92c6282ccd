import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// Functions in pieces, whose derivative jumps from one to the next: which piece holds is a choice.
  static let rectifiers: [ExactOperator] = [
    ExactOperator("Relu", decides: .outputs) { call in
      let atZero = Double(call.node.slopeAtZero)
      return try clamped(call, above: 0, below: .infinity, atLower: atZero)
    },
    ExactOperator("Clip", decides: .outputs) { call in
      let lower = call.optional(1)?.scalars.first ?? call.float("min", -.infinity)
      let upper = call.optional(2)?.scalars.first ?? call.float("max", .infinity)
      return try clamped(call, above: lower, below: upper)
    },
    ExactOperator("LeakyRelu", decides: .inputs) { call in
      let slope = call.float("alpha", Double(Float(0.01)))
      return try inPieces(call, { $0 > 0 ? 1 : 0 }, [{ slope * $0 }, { $0 }]) { piece, _ in
        piece > 0 ? 1 : slope
      }
    },
    ExactOperator("PRelu", decides: .inputs) { call in
      let x = try call.input(0)
      var slope = try call.input(1)
      if call.node.opset < 7, slope.shape.rank == 1, slope.shape.count > 1 {
        let ones = [Int](repeating: 1, count: max(0, x.shape.rank - 2))
        slope = slope.reshaped(.init([slope.shape.count] + ones))
      }
      let above = try inPieces(call, { $0 > 0 ? 1 : 0 }, [{ _ in 0 }, { $0 }]) { piece, _ in
        Double(piece)
      }
      return above + slope * (x - above)
    },
    ExactOperator("ThresholdedRelu", decides: .inputs) { call in
      let threshold = call.float("alpha", 1)
      return try inPieces(call, { $0 > threshold ? 1 : 0 }, [{ _ in 0 }, { $0 }]) { piece, _ in
        Double(piece)
      }
    },
    ExactOperator("Abs", decides: .inputs) { call in
      try inPieces(call, { $0 > 0 ? 2 : $0 < 0 ? 0 : 1 }, [{ -$0 }, { abs($0) }, { $0 }]) {
        piece, _ in Double(piece - 1)
      }
    },
    ExactOperator("HardSigmoid", decides: .inputs) { call in
      let (slope, shift) = (call.float("alpha", Double(Float(0.2))), call.float("beta", 0.5))
      return try inPieces(
        call, { slope * $0 + shift <= 0 ? 0 : slope * $0 + shift >= 1 ? 2 : 1 },
        [{ _ in 0 }, { slope * $0 + shift }, { _ in 1 }]
      ) { piece, _ in piece == 1 ? slope : 0 }
    },
    ExactOperator("HardSwish", decides: .inputs) { call in
      try inPieces(
        call, { $0 <= -3 ? 0 : $0 >= 3 ? 2 : 1 },
        [{ _ in 0 }, { $0 * ($0 + 3) / 6 }, { $0 }]
      ) { piece, x in piece == 1 ? (2 * x + 3) / 6 : piece == 2 ? 1 : 0 }
    },
    ExactOperator("Shrink", decides: .inputs) { call in
      let (limit, bias) = (call.float("lambd", 0.5), call.float("bias", 0))
      return try inPieces(
        call, { $0 < -limit ? 0 : $0 > limit ? 2 : 1 },
        [{ $0 + bias }, { _ in 0 }, { $0 - bias }]
      ) { piece, _ in piece == 1 ? 0 : 1 }
    },
  ]

  /// The first input in pieces: `piece` says which one holds at `x`, `pieces` what each makes of it, `slope` the
  /// derivative.
  private static func inPieces(
    _ call: ExactCall, _ piece: (Double) -> Int32, _ pieces: [(Double) -> Double],
    slope: @escaping (_ piece: Int32, _ x: Double) -> Double
  ) throws -> Exact {
    let input = try call.input(0)
    let x = input.scalars
    let chosen = call.choose([0]) { $0[0].map(piece) }
    return Exact(
      input.shape, x.indices.map { pieces[Int(chosen[$0])](x[$0]) },
      from: [
        (input, { g in filled(g.count) { g[$0] == 0 ? 0 : g[$0] * slope(chosen[$0], x[$0]) } })
      ])
  }

  /// The first input held between two limits; the derivative is 1 strictly between them.
  ///
  /// Which piece holds can be seen in the result, which is what networks keep.
  private static func clamped(
    _ call: ExactCall, above lower: Double, below upper: Double, atLower: Double = 0
  ) throws -> Exact {
    let input = try call.input(0)
    let x = input.scalars
    let held = filled(x.count) { x[$0].isNaN ? x[$0] : min(max(x[$0], lower), upper) }
    let chosen = call.decisions.choose(
      on: [(call.node.outputs[0], held)], by: call.node.title
    ) { $0[0].map { $0 >= upper ? 2 : $0 <= lower ? 0 : 1 } }
    let y = filled(x.count) { chosen[$0] == 0 ? lower : chosen[$0] == 1 ? x[$0] : upper }
    return Exact(
      input.shape, y,
      from: [
        (
          input,
          { g in
            filled(g.count) { i in
              chosen[i] == 1 ? g[i] : chosen[i] == 0 && x[i] == lower ? g[i] * atLower : 0
            }
          }
        )
      ])
  }
}
