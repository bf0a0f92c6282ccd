import Autodiff
import Blocks
import Tensors

extension Operator {
  /// The bits of integers; no gradient passes.
  ///
  /// Integers are held to 24 bits: where a result hangs on more of them, it is not a number.
  static let bits: [Operator] = [
    bitwise("BitwiseAnd") { $0 & $1 }, bitwise("BitwiseOr") { $0 | $1 },
    bitwise("BitwiseXor") { $0 ^ $1 },
    Operator("BitwiseNot", .step) { call in
      let kind = call.kind(0)
      guard !kind.isSigned, let bits = kind.bits else {
        return stepwise(try call.input(0)) { -1 - $0 }
      }
      let largest = Float(sign: .plus, exponent: bits, significand: 1) - 1
      return stepwise(try call.input(0)) { largest - $0 }
    },
    Operator("BitShift", .other) { call in
      let (a, b, shape) = try operands(call)
      let kind = call.kind(0)
      let width = kind.bits ?? 64
      switch call.node.string("direction", default: "") {
      case "LEFT":
        return Variable(
          combined(a.value, b.value, shape) { value, places in
            guard (0..<Float(width)).contains(places) else { return 0 }
            return wrapped(value, times: Int(places), kind, width)
          })
      case "RIGHT":
        return Variable(
          combined(a.value, b.value, shape) { value, places in
            guard (0..<Float(width)).contains(places) else { return value < 0 ? -1 : 0 }
            return Float(sign: .plus, exponent: -Int(places), significand: value).rounded(.down)
          })
      case let other: throw call.invalid("the direction '\(other)'")
      }
    }
    .role { $0.node.attributes["direction"] == nil ? .other : .step },
    // The same bits under another sign.
    Operator("BitCast", .other, makes: .by(named)) { call in
      let (old, new) = (call.kind(0), named(call))
      let x = try call.input(0)
      if old == new { return stepwise(x) { $0 } }
      let width = old == .bool ? 8 : old.bits
      guard let width, width == (new == .bool ? 8 : new.bits) else {
        throw call.invalid(
          "bits of one kind of number as another's: only integers of one width are read so here")
      }
      return stepwise(x) { wrapped($0, times: 0, new, width) }
    }
    .role { $0.node.attributes["to"] == nil ? .other : .step },
  ]

  private static func named(_ call: TapeCall) -> ElementType {
    ElementType(rawValue: call.node.int("to", default: 0))
  }

  private static func bitwise(
    _ type: String, _ combine: @escaping @Sendable (Int, Int) -> Int
  ) -> Operator {
    Operator(type, .step) { call in
      let (a, b, shape) = try operands(call)
      return Variable(
        combined(a.value, b.value, shape) { a, b in
          guard abs(a) <= 0x1p24, abs(b) <= 0x1p24 else { return .nan }
          return Float(combine(Int(a), Int(b)))
        })
    }
  }

  /// `x · 2ⁿ` as an integer of so many bits holds it.
  private static func wrapped(
    _ x: Float, times places: Int, _ type: ElementType, _ width: Int
  ) -> Float {
    let product = Float(sign: .plus, exponent: places, significand: x)
    let count = Float(sign: .plus, exponent: width, significand: 1)
    let low = type.isSigned ? -count / 2 : 0
    if product >= low, product < low + count { return product }
    guard abs(x) <= 0x1p24 else { return .nan }
    let rest = (Double(product) - Double(low)).truncatingRemainder(dividingBy: Double(count))
    return Float((rest < 0 ? rest + Double(count) : rest) + Double(low))
  }
}
