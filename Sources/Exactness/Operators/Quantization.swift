import Graphs
import Tensors

extension ExactOperator {
  /// Numbers on a coarse scale; the gradient passes as if nothing were rounded or cut off.
  static let quantization: [ExactOperator] = [
    ExactOperator("QuantizeLinear") { call in
      let x = try call.input(0)
      let type = call.operand(2)?.type ?? .uint8
      guard let range = type.range, type.isInteger else { throw call.unknown("to \(type)") }
      let scaled = (x / (try parameter(call, 1, for: x.shape)))
        .straightThrough { $0.rounded(.toNearestOrEven) }
      let shifted =
        call.optional(2) == nil ? scaled : scaled + (try parameter(call, 2, for: x.shape))
      return shifted.straightThrough {
        min(max($0, Double(range.lowerBound)), Double(range.upperBound))
      }
    },
    ExactOperator("DequantizeLinear") { call in
      let x = try call.input(0)
      let scale = try parameter(call, 1, for: x.shape)
      guard call.optional(2) != nil else { return x * scale }
      return (x - (try parameter(call, 2, for: x.shape))) * scale
    },
  ]

  /// A scale or zero point in a shape that broadcasts: one for all, or one a slice of an axis.
  private static func parameter(_ call: ExactCall, _ position: Int, for shape: Shape) throws
    -> Exact
  {
    let own = try call.input(position)
    if own.shape.count == 1 { return own.reshaped([]) }
    guard own.shape.rank == 1 else { throw call.unknown("in blocks") }
    let axis = call.axis(call.node.int("axis", default: 1), rank: shape.rank)
    let ones = [Int](repeating: 1, count: shape.rank - 1 - axis)
    return own.reshaped(Shape([own.shape.count] + ones))
  }
}
