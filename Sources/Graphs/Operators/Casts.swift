import Autodiff
import Blocks
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
    Operator("Cast", .renaming, makes: .by { NumberKind(target($0)) }) { call in
      try cast(call, to: NumberKind(target(call)))
    }
    .role { target($0).isInteger ? .step : .renaming },
    Operator("CastLike", .renaming, makes: .like(1)) { try cast($0, to: $0.kind(1)) }
      .role { $0.isInteger(1) ? .step : .renaming },
  ]

  private static func target(_ call: TapeCall) -> ElementType {
    ElementType(rawValue: call.node.int("to", default: 1))
  }

  /// Numbers of one kind as another.
  ///
  /// Between floating-point kinds, and from integers, they stay what they are; towards integers they are
  /// cut off, and no gradient passes.
  private static func cast(_ call: TapeCall, to kind: NumberKind) throws -> Variable {
    let x = try call.input(0)
    if kind == NumberKind(.bool) { return stepwise(x) { $0 != 0 ? 1 : 0 } }
    return kind.isInteger && !call.isInteger(0) ? stepwise(x) { $0.rounded(.towardZero) } : x
  }
}
