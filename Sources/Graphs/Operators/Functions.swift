import Autodiff
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Operator {
  /// Functions of one scalar each, from the mathematics books.
  static let functions: [Operator] = [
    .unary("Abs", of: abs),
    .unary("Neg") { -$0 },
    .unary("Exp", of: exp),
    .unary("Log", of: log),
    .unary("Sqrt", of: sqrt),
    .unary("Reciprocal") { 1 / $0 },
    .unary("Sigmoid", .gate, of: sigmoid),
    .unary("Tanh", of: tanh),
    .unary("Sin", of: sin),
    .unary("Cos", of: cos),
    .unary("Tan") { x in pointwise(x, { tan($0) }) { 1 / (cos($0) * cos($0)) } },
    .unary("Asin") { x in pointwise(x, { asin($0) }) { 1 / (1 - $0 * $0).squareRoot() } },
    .unary("Acos") { x in pointwise(x, { acos($0) }) { -1 / (1 - $0 * $0).squareRoot() } },
    .unary("Atan") { x in pointwise(x, { atan($0) }) { 1 / (1 + $0 * $0) } },
    .unary("Sinh") { x in pointwise(x, { sinh($0) }) { cosh($0) } },
    .unary("Cosh") { x in pointwise(x, { cosh($0) }) { sinh($0) } },
    .unary("Asinh") { x in pointwise(x, { asinh($0) }) { 1 / ($0 * $0 + 1).squareRoot() } },
    .unary("Acosh") { x in pointwise(x, { acosh($0) }) { 1 / ($0 * $0 - 1).squareRoot() } },
    .unary("Atanh") { x in pointwise(x, { atanh($0) }) { 1 / (1 - $0 * $0) } },
    .unary("Erf") { x in
      let slope = 2 / Float.pi.squareRoot()
      return pointwise(x, { erf($0) }) { slope * exp(-$0 * $0) }
    },
    .unary("Sign", .step) { x in stepwise(x) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 } },
    .unary("Floor", .step) { x in stepwise(x) { $0.rounded(.down) } },
    .unary("Ceil", .step) { x in stepwise(x) { $0.rounded(.up) } },
    .unary("Round", .step) { x in stepwise(x) { $0.rounded(.toNearestOrEven) } },
    .unary("IsNaN", .step, makes: .boolean) { x in stepwise(x) { $0.isNaN ? 1 : 0 } },
    Operator("IsInf", .step, makes: .boolean) { call in
      let above = call.node.int("detect_positive", default: 1) != 0
      let below = call.node.int("detect_negative", default: 1) != 0
      return stepwise(try call.input(0)) {
        $0.isInfinite && ($0 > 0 ? above : below) ? 1 : 0
      }
    },
  ]
}
