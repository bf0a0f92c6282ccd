import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Comparisons and logic, whose results are 0 and 1 and pass no gradient, and the choice by them.
  static let comparisons: [Operator] = [
    comparison("Equal") { $0 == $1 },
    comparison("Less") { $0 < $1 },
    comparison("LessOrEqual") { $0 <= $1 },
    comparison("Greater") { $0 > $1 },
    comparison("GreaterOrEqual") { $0 >= $1 },
    comparison("And") { $0 != 0 && $1 != 0 },
    comparison("Or") { $0 != 0 || $1 != 0 },
    comparison("Xor") { ($0 != 0) != ($1 != 0) },
    .unary("Not", .step, makes: .boolean) { x in stepwise(x) { $0 == 0 ? 1 : 0 } },
    Operator("Where", .combination, makes: .like(1)) { call in
      let (condition, a, b) = (try call.input(0), try call.input(1), try call.input(2))
      let shape = try call.broadcast(condition.shape, a.shape, b.shape)
      return select(condition.value.broadcast(to: shape), a, b, shape)
    },
  ]

  private static func comparison(
    _ type: String, _ holds: @escaping @Sendable (Float, Float) -> Bool
  ) -> Operator {
    Operator(type, .step, makes: .boolean) { call in
      let (a, b, shape) = try operands(call)
      return Variable(combined(a.value, b.value, shape) { holds($0, $1) ? 1 : 0 })
    }
  }
}
