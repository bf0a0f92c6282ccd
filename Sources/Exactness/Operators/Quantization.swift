import Graphs
import Tensors

extension ExactOperator {
  /// Numbers on a coarse scale; the gradient passes as if nothing were rounded or cut off.
  static let quantization: [ExactOperator] = [
    ExactOperator("QuantizeLinear", decides: .outputs) { call in
      let x = try call.input(0)
      let named = ElementType(rawValue: call.node.int("output_dtype", default: 0))
      let type = call.operand(2)?.type ?? (named.rawValue == 0 ? .uint8 : named)
      guard let range = type.range, type.isInteger else { throw call.unknown("to \(type)") }
      let scale = try parameter(call, 1, for: x.shape)
      let zero = try call.optional(2).map { _ in try parameter(call, 2, for: x.shape) } ?? Exact(0)
      return rounded(call, x / scale, unit: scale, zero: zero, range)
    },
    // The scale is that of the picture's own numbers, and as given to the gradient.
    ExactOperator("DynamicQuantizeLinear", decides: .outputs) { call in
      let x = try call.input(0)
      let (lower, upper) = x.scalars.reduce((0.0, 0.0)) { (min($0.0, $1), max($0.1, $1)) }
      let scale = upper == lower ? 1 : (upper - lower) / 255
      if call.output == 1 { return Exact(scale) }
      let zero = call.stepped(Exact(-lower / scale), unit: scale, output: 2) { _, x in
        min(max(x.rounded(.toNearestOrEven), 0), 255)
      }
      if call.output == 2 { return zero }
      return rounded(call, x / scale, unit: Exact(scale), zero: zero, 0...255)
    },
    ExactOperator("DequantizeLinear") { call in
      let x = try call.input(0)
      let scale = try parameter(call, 1, for: x.shape)
      guard call.optional(2) != nil else { return x * scale }
      return (x - (try parameter(call, 2, for: x.shape))) * scale
    },
  ]

  /// The nearest whole numbers beside a zero point, within a range.
  private static func rounded(
    _ call: ExactCall, _ x: Exact, unit: Exact, zero: Exact, _ range: ClosedRange<Float>
  ) -> Exact {
    let (places, zeros) = (zero.shape.places(in: x.shape), zero.scalars)
    let least = unit.scalars.map(abs).min() ?? 1
    let values = call.stepped(x.detached, unit: least) { place, x in
      let shifted = x.rounded(.toNearestOrEven) + zeros[places.map(place)]
      return min(max(shifted, Double(range.lowerBound)), Double(range.upperBound))
    }
    return Exact(x.shape, values.scalars, from: [(x, { $0 })])
  }

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
