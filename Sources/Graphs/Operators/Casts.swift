import Autodiff
import Blocks
import ONNX
import Tensors

extension Operator {
  /// The same numbers under another name, or as numbers of another kind.
  static let casts: [Operator] = [
    .unary("Identity", .renaming) { $0 },
    // Nothing is dropped while a network is looked at; the mask, the second output, says so.
    Operator("Dropout", .renaming, makes: .outputs([.like(0), .boolean])) { call in
      let x = try call.input(0)
      return call.output == 0 ? x : Variable(Tensor(x.shape, repeating: 1))
    },
    // The scores of classifiers with the classes' names beside them.
    .unary("ai.onnx.ml.ZipMap", .renaming) { $0 },
    Operator("Cast", .renaming, makes: .by(target)) { try cast($0, to: target($0)) }
      .role { role(target($0)) },
    Operator("CastLike", .renaming, makes: .like(1)) { try cast($0, to: $0.kind(1)) }
      .role { role($0.kind(1)) },
  ]

  /// Kinds of a byte or less keep a few digits; wider floats keep all that count.
  private static func role(_ type: ElementType) -> Role {
    if type.isInteger { return .step }
    return type.shortFloat != nil || type.isExponent ? .elementwise : .renaming
  }

  private static func target(_ call: TapeCall) -> ElementType {
    ElementType(rawValue: call.node.int("to", default: 1))
  }

  /// Numbers of one kind as another.
  ///
  /// Between floating-point kinds of two bytes and more, and from integers, they stay what they are. Towards shorter
  /// ones they are rounded, and the gradient passes as if they were not. Towards integers they are cut off, those
  /// beyond the kind's bits come in again at its other end, and no gradient passes.
  private static func cast(_ call: TapeCall, to type: ElementType) throws -> Variable {
    let x = try call.input(0)
    if type == .bool { return stepwise(x) { $0 != 0 ? 1 : 0 } }
    let saturates = call.node.int("saturate", default: 1) != 0
    if let format = type.shortFloat {
      return straightThrough(x) { format.rounded($0, saturates: saturates) }
    }
    if type.isExponent { return try exponents(call, x) }
    guard type.isInteger else { return x }
    guard let range = type.range else {
      return call.isInteger(0) ? x : stepwise(x) { $0.rounded(.towardZero) }
    }
    let count = range.upperBound - range.lowerBound + 1
    return stepwise(x) { x in
      let whole = x.rounded(.towardZero)
      return range.contains(whole) || !whole.isFinite
        ? whole : whole - count * ((whole - range.lowerBound) / count).rounded(.down)
    }
  }

  /// The powers of two beside positive numbers: from above, from below, or the nearer one.
  private static func exponents(_ call: TapeCall, _ x: Variable) throws -> Variable {
    let mode = call.node.string("round_mode", default: "up")
    try call.require(["up", "down", "nearest"].contains(mode), "the rounding '\(mode)'")
    return straightThrough(x) { x in
      guard x.isFinite else { return x.isNaN ? .nan : 0x1p127 }
      let bounded = min(max(abs(x), 0x1p-127), 0x1p127)
      let below = Float(sign: .plus, exponent: Int(bounded.exponent), significand: 1)
      let up = mode == "up" ? bounded > below : mode == "nearest" && bounded >= 1.5 * below
      return up ? min(2 * below, 0x1p127) : below
    }
  }
}
