import Blocks
import Graphs
import Tensors

/// What the windows of a node see of an input N×C×…, along any number of axes.
struct Windows {
  let axes: [Window]
  let inputs: [Int]
  let outputs: [Int]

  init(_ call: ExactCall, sizes: [Int], inputs: [Int]) throws {
    let axes = try sizes.indices.map { axis in
      try call.node.window(axis: axis, rank: sizes.count, size: sizes[axis], input: inputs[axis])
    }
    self.init(axes, inputs: inputs, outputs: zip(axes, inputs).map { $0.outputCount(for: $1) })
  }

  init(_ axes: [Window], inputs: [Int], outputs: [Int]) {
    (self.axes, self.inputs, self.outputs) = (axes, inputs, outputs)
  }

  /// Taps of a window.
  var taps: Int { axes.reduce(1) { $0 * $1.size } }
  /// Windows over an image.
  var count: Int { outputs.reduce(1, *) }

  /// For every tap and, within it, every window the place of what the tap sees; −1 beyond the input.
  var places: [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(taps * count)
    var tap = [Int](repeating: 0, count: axes.count)
    for _ in 0..<taps {
      var places: [Int32] = [0]
      for (axis, window) in axes.enumerated() {
        let (extent, start) = (inputs[axis], tap[axis] * window.dilation - window.padBefore)
        var next: [Int32] = []
        next.reserveCapacity(places.count * outputs[axis])
        for outer in places {
          for output in 0..<outputs[axis] {
            let place = output * window.stride + start
            next.append(
              outer < 0 || place < 0 || place >= extent ? -1 : outer * Int32(extent) + Int32(place))
          }
        }
        places = next
      }
      result += places
      for axis in axes.indices.reversed() {
        tap[axis] += 1
        if tap[axis] < axes[axis].size { break }
        tap[axis] = 0
      }
    }
    return result
  }

  /// How many elements each window averages: with those of the padding, if these count, but never what a last window
  /// hangs over.
  func counts(countsPadding: Bool) -> [Double] {
    var counts = [1.0]
    for (axis, window) in axes.enumerated() {
      let (low, high) = countsPadding ? (window.padBefore, window.padAfter) : (0, 0)
      let own = (0..<outputs[axis]).map { output in
        (0..<window.size).count { tap in
          let place = output * window.stride - window.padBefore + tap * window.dilation
          return place >= -low && place < inputs[axis] + high
        }
      }
      counts = counts.flatMap { count in own.map { count * Double($0) } }
    }
    return counts
  }
}
