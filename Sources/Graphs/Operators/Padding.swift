import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Larger tensors, or with negative widths smaller ones, and what stands around them.
  static let padding: [Operator] = [
    Operator("Pad", .selection, channels: .kept, positions: .kept) { call in
      var x = try call.input(0)
      let (before, after) = try widths(call, rank: x.shape.rank)
      _ = try call.shape(zip(x.shape.dimensions, zip(before, after)).map { $0 + $1.0 + $1.1 })
      let mode = call.node.string("mode", default: "constant")
      if mode == "constant" {
        let constant =
          try call.node.input(2) == nil ? call.node.float("value", default: 0) : call.scalar(2) ?? 0
        x = x.sliced(
          x.shape.dimensions.enumerated().map { axis, extent in
            let start = min(extent, max(0, -before[axis]))
            return start..<max(start, extent - max(0, -after[axis]))
          })
        return x.padded(
          before: before.map { max(0, $0) }, after: after.map { max(0, $0) }, with: constant)
      }
      for axis in before.indices where before[axis] != 0 || after[axis] != 0 {
        let extent = x.shape[axis]
        try call.require(extent > 0, "an empty axis")
        guard let place = places[mode] else { throw call.invalid("the mode '\(mode)'") }
        x = x.gathered(
          (-before[axis]..<extent + after[axis]).map { place($0, extent) }, alongAxis: axis)
      }
      return x
    }
  ]

  /// Where a position beyond the ends of an axis is copied from, by mode.
  private static let places: [String: @Sendable (_ position: Int, _ extent: Int) -> Int] = [
    "edge": { max(0, min($1 - 1, $0)) },
    "wrap": { ($0 % $1 + $1) % $1 },
    "reflect": { position, extent in
      guard extent > 1 else { return 0 }
      let period = 2 * (extent - 1)
      let place = (position % period + period) % period
      return place < extent ? place : period - place
    },
  ]

  /// The widths before and after every axis, as an attribute or, since operator set 11, as an input.
  private static func widths(
    _ call: TapeCall, rank: Int
  ) throws -> (before: [Int], after: [Int]) {
    guard let widths = try call.integers("pads", orInput: 1) ?? call.node.ints("paddings") else {
      throw call.invalid("it has no widths")
    }
    let axes = try call.axes(try call.constant(3)?.integers ?? Array(0..<rank), rank: rank)
    try call.require(
      widths.count == 2 * axes.count && widths.allSatisfy((-1 << 30...1 << 30).contains),
      "widths \(widths) for \(axes.count) axes")
    var (before, after) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
    for (i, axis) in axes.enumerated() {
      (before[axis], after[axis]) = (widths[i], widths[i + axes.count])
    }
    return (before, after)
  }
}
