import Blocks
import Autodiff
import Tensors

extension TapeOperator {
  /// Comparisons and logic, whose results are 0 and 1 and pass no gradient, and the choice by them.
  static let comparisons: [String: Function] = [
    "Equal": comparison { $0 == $1 },
    "Less": comparison { $0 < $1 },
    "LessOrEqual": comparison { $0 <= $1 },
    "Greater": comparison { $0 > $1 },
    "GreaterOrEqual": comparison { $0 >= $1 },
    "And": comparison { $0 != 0 && $1 != 0 },
    "Or": comparison { $0 != 0 || $1 != 0 },
    "Xor": comparison { ($0 != 0) != ($1 != 0) },
    "Not": unary { x in stepwise(x) { $0 == 0 ? 1 : 0 } },
    "Where": { call in
      let (condition, a, b) = (try call.input(0), try call.input(1), try call.input(2))
      let shape = try call.broadcast(condition.shape, a.shape, b.shape)
      return select(condition.value.broadcast(to: shape), a, b, shape)
    },
  ]

  private static func comparison(
    _ holds: @escaping @Sendable (Float, Float) -> Bool
  ) -> Function {
    { call in
      let (a, b, shape) = try operands(call)
      return Variable(combined(a.value, b.value, shape) { holds($0, $1) ? 1 : 0 })
    }
  }
}
