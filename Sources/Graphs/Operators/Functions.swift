import Blocks
import Autodiff
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension TapeOperator {
  /// Functions of one scalar each, from the mathematics books.
  static let functions: [String: Function] = [
    "Abs": unary(abs),
    "Neg": unary { -$0 },
    "Exp": unary(exp),
    "Log": unary(log),
    "Sqrt": unary(sqrt),
    "Reciprocal": unary { 1 / $0 },
    "Sigmoid": unary(sigmoid),
    "Tanh": unary(tanh),
    "Sin": unary(sin),
    "Cos": unary(cos),
    "Tan": unary { x in pointwise(x, { tan($0) }) { 1 / (cos($0) * cos($0)) } },
    "Asin": unary { x in pointwise(x, { asin($0) }) { 1 / (1 - $0 * $0).squareRoot() } },
    "Acos": unary { x in pointwise(x, { acos($0) }) { -1 / (1 - $0 * $0).squareRoot() } },
    "Atan": unary { x in pointwise(x, { atan($0) }) { 1 / (1 + $0 * $0) } },
    "Sinh": unary { x in pointwise(x, { sinh($0) }) { cosh($0) } },
    "Cosh": unary { x in pointwise(x, { cosh($0) }) { sinh($0) } },
    "Asinh": unary { x in pointwise(x, { asinh($0) }) { 1 / ($0 * $0 + 1).squareRoot() } },
    "Acosh": unary { x in pointwise(x, { acosh($0) }) { 1 / ($0 * $0 - 1).squareRoot() } },
    "Atanh": unary { x in pointwise(x, { atanh($0) }) { 1 / (1 - $0 * $0) } },
    "Erf": unary { x in
      let slope = 2 / Float.pi.squareRoot()
      return pointwise(x, { erf($0) }) { slope * exp(-$0 * $0) }
    },
    "Sign": unary { x in stepwise(x) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 } },
    "Floor": unary { x in stepwise(x) { $0.rounded(.down) } },
    "Ceil": unary { x in stepwise(x) { $0.rounded(.up) } },
    "Round": unary { x in stepwise(x) { $0.rounded(.toNearestOrEven) } },
    "IsNaN": unary { x in stepwise(x) { $0.isNaN ? 1 : 0 } },
    "IsInf": { call in
      let above = call.node.int("detect_positive", default: 1) != 0
      let below = call.node.int("detect_negative", default: 1) != 0
      return stepwise(try call.input(0)) {
        $0.isInfinite && ($0 > 0 ? above : below) ? 1 : 0
      }
    },
    "Identity": unary { $0 },
    "Cast": { call in
      let target = ElementType(rawValue: call.node.int("to", default: 1))
      return try cast(call, integer: target.isInteger, boolean: target == .bool)
    },
    "CastLike": { call in
      let range = call.node.input(1).flatMap { call.constants[$0]?.range }
      return try cast(call, integer: call.isInteger(1), boolean: range == 0...1)
    },
  ]

  /// Numbers of one kind as another.
  ///
  /// Between floating-point kinds, and from integers, they stay what they
  /// are; towards integers they are cut off, and no gradient passes.
  private static func cast(_ call: TapeCall, integer: Bool, boolean: Bool) throws -> Variable {
    let x = try call.input(0)
    if boolean { return stepwise(x) { $0 != 0 ? 1 : 0 } }
    return integer && !call.isInteger(0) ? stepwise(x) { $0.rounded(.towardZero) } : x
  }
}
