import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// A function of each element, and its derivative, which is given `x` and `y`.
  private static func function(
    _ type: String, _ f: @escaping @Sendable (Double) -> Double,
    _ derivative: @escaping @Sendable (_ x: Double, _ y: Double) -> Double
  ) -> ExactOperator {
    ExactOperator(type) { try $0.input(0).map(f, derivative: derivative) }
  }

  /// Functions of one scalar each.
  static let functions: [ExactOperator] = [
    function("Neg", { -$0 }) { _, _ in -1 },
    function("Exp", { exp($0) }) { _, y in y },
    function("Log", { log($0) }) { x, _ in 1 / x },
    function("Sqrt", { $0.squareRoot() }) { _, y in 0.5 / y },
    function("Reciprocal", { 1 / $0 }) { _, y in -y * y },
    function("Sigmoid", { logistic($0) }) { _, y in y * (1 - y) },
    function("Tanh", { tanh($0) }) { _, y in 1 - y * y },
    function("Sin", { sin($0) }) { x, _ in cos(x) },
    function("Cos", { cos($0) }) { x, _ in -sin(x) },
    function("Tan", { tan($0) }) { _, y in 1 + y * y },
    function("Asin", { asin($0) }) { x, _ in 1 / (1 - x * x).squareRoot() },
    function("Acos", { acos($0) }) { x, _ in -1 / (1 - x * x).squareRoot() },
    function("Atan", { atan($0) }) { x, _ in 1 / (1 + x * x) },
    function("Sinh", { sinh($0) }) { x, _ in cosh(x) },
    function("Cosh", { cosh($0) }) { x, _ in sinh(x) },
    function("Asinh", { asinh($0) }) { x, _ in 1 / (x * x + 1).squareRoot() },
    function("Acosh", { acosh($0) }) { x, _ in 1 / (x * x - 1).squareRoot() },
    function("Atanh", { atanh($0) }) { x, _ in 1 / (1 - x * x) },
    function("Erf", { erf($0) }) { x, _ in 2 / Double.pi.squareRoot() * exp(-x * x) },
    step("Sign") { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
    step("Floor") { $0.rounded(.down) },
    step("Ceil") { $0.rounded(.up) },
    step("Round") { $0.rounded(.toNearestOrEven) },
    ExactOperator("IsNaN") { try $0.input(0).stepped { $0.isNaN ? 1 : 0 } },
    ExactOperator("Not") { try $0.input(0).stepped { $0 == 0 ? 1 : 0 } },
    ExactOperator("Cast", decides: .outputs) { call in
      try cast(try call.input(0), to: call.node.int("to", default: 1), call)
    },
    ExactOperator("CastLike", decides: .outputs) { call in
      try cast(try call.input(0), to: call.operand(1)?.type.rawValue ?? 1, call)
    },
  ]

  private static func step(
    _ type: String, _ f: @escaping @Sendable (Double) -> Double
  ) -> ExactOperator {
    ExactOperator(type, decides: .outputs) { call in
      call.stepped(try call.input(0)) { _, x in f(x) }
    }
  }

  /// Floats of two bytes and more keep what the tensor has, as everywhere in the program.
  private static func cast(_ x: Exact, to type: Int, _ call: ExactCall) throws -> Exact {
    switch type {
    case 1, 10, 11, 16: x
    case _ where [6, 7, 9, 12, 13].contains(type) && call.isInteger(0):
      x.stepped { type == 9 && $0 != 0 ? 1 : $0 }
    case 9: call.stepped(x) { _, x in x != 0 ? 1 : 0 }
    case 6, 7, 12, 13: call.stepped(x) { _, x in x.rounded(.towardZero) }
    default: throw call.unknown("to type \(type)")
    }
  }

  static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// The distribution function of the normal distribution.
  static func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
}
