import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// Arithmetic, element by element, with NumPy's broadcasting.
  static let arithmetic: [ExactOperator] = [
    binary("Add") { $1 + $2 },
    binary("Sub") { $1 - $2 },
    binary("Mul") { $1 * $2 },
    binary("Div") { call, a, b in
      call.isInteger(0) ? (a / b).stepped { $0.rounded(.towardZero) } : a / b
    },
    binary("Pow") { call, a, b in
      .combined(
        a, b, { pow($0, $1) }, first: { a, b, _ in b == 0 ? 0 : b * pow(a, b - 1) },
        second: { a, _, y in a > 0 ? y * log(a) : 0 })
    },
    // Of floats it jumps where rounding decides.
    ExactOperator("Mod") { call in
      guard call.isInteger(0) else { throw call.unknown("of floats") }
      return try remainder.run(call)
    },
    ExactOperator("Sum") { call in
      let inputs = try call.inputs()
      return inputs.dropFirst().reduce(inputs[0], +)
    },
    ExactOperator("Mean") { call in
      let inputs = try call.inputs()
      return inputs.dropFirst().reduce(inputs[0], +) / Double(inputs.count)
    },
  ]

  private static let remainder = binary("Mod") { call, a, b in
    let truncates = call.node.int("fmod", default: 0) != 0
    return .combined(
      a, b,
      { a, b in
        let rest = fmod(a, b)
        return !truncates && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
      }, first: { _, _, _ in 1 },
      second: { a, b, _ in -(a / b).rounded(truncates ? .towardZero : .down) })
  }

  private static func binary(
    _ type: String, _ body: @escaping @Sendable (ExactCall, Exact, Exact) -> Exact
  ) -> ExactOperator {
    ExactOperator(type) { call in
      let a = try call.input(0)
      var b = try call.input(1)
      // Before operator set 7, the second was aligned with the first from an axis on.
      if call.node.opset < 7, call.node.int("broadcast", default: 0) != 0,
        case .int(let start)? = call.node.attributes["axis"]
      {
        let behind = a.shape.rank - call.axis(start, rank: a.shape.rank) - b.shape.rank
        let ones = [Int](repeating: 1, count: max(0, behind))
        b = b.reshaped(Shape(b.shape.dimensions + ones))
      }
      return body(call, a, b)
    }
  }

  /// Comparisons and logic, which pass no gradient.
  static let comparisons: [ExactOperator] = [
    comparison("Equal") { $0 == $1 },
    comparison("Less") { $0 < $1 },
    comparison("LessOrEqual") { $0 <= $1 },
    comparison("Greater") { $0 > $1 },
    comparison("GreaterOrEqual") { $0 >= $1 },
    comparison("And") { $0 != 0 && $1 != 0 },
    comparison("Or") { $0 != 0 || $1 != 0 },
    comparison("Xor") { ($0 != 0) != ($1 != 0) },
  ]

  private static func comparison(
    _ type: String, _ holds: @escaping @Sendable (Double, Double) -> Bool
  ) -> ExactOperator {
    ExactOperator(type, decides: .inputs) { call in
      let (a, b) = (try call.input(0), try call.input(1))
      let shape = a.shape.broadcast(with: b.shape)
      let (p, q) = (a.shape.places(in: shape), b.shape.places(in: shape))
      let chosen = call.choose([0, 1]) { values in
        (0..<shape.count).map { holds(values[0][p.map($0)], values[1][q.map($0)]) ? 1 : 0 }
      }
      return Exact(shape, chosen.map(Double.init))
    }
  }
}
