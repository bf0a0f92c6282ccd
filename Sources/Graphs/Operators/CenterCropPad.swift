import Autodiff
import Tensors

extension Operator {
  /// The middle of a tensor, or a frame of zeros round it.
  static let centering: [Operator] = [
    Operator("CenterCropPad", .selection, positions: .kept) { call in
      var x = try call.input(0)
      let rank = x.shape.rank
      let axes = try call.axes(call.node.ints("axes") ?? Array(0..<rank), rank: rank)
      guard let extents = try call.constant(1)?.integers, extents.count == axes.count,
        extents.allSatisfy({ $0 >= 0 })
      else { throw call.invalid("its shape is not one extent for each of \(axes.count) axes") }
      var result = x.shape.dimensions
      for (axis, extent) in zip(axes, extents) { result[axis] = extent }
      _ = try call.shape(result)
      for (axis, extent) in zip(axes, extents) where extent < x.shape[axis] {
        let start = (x.shape[axis] - extent) / 2
        x = x.sliced(start..<start + extent, alongAxis: axis)
      }
      // Where the difference is odd, there is one more at the end.
      let missing = zip(result, x.shape.dimensions).map { $0 - $1 }
      return x.padded(before: missing.map { $0 / 2 }, after: missing.map { ($0 + 1) / 2 }, with: 0)
    }
    .channels { call in
      // Some may be cut off, or come along; of the other axes it keeps them.
      let axes = call.node.ints("axes") ?? [1]
      return axes.contains(1) || axes.contains(-3) ? .unknown : .kept
    }
  ]
}
