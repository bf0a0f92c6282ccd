import Autodiff
package import Blocks
import Tensors

/// The windows of a node over any number of spatial axes, for what the kernels on channel blocks leave.
package struct TapeWindow {
  private let call: TapeCall
  /// One window an axis.
  let axes: [Window]

  /// The windows of a node over an input of the shape N×C×… .
  ///
  /// - Parameters:
  ///   - call: The node.
  ///   - sizes: The windows' sizes; those of the attribute `kernel_shape` if left out.
  ///   - spatial: The extents of the input's spatial axes; taken from the first input if left out.
  /// - Throws: `NetworkError` where they cannot be.
  package init(_ call: TapeCall, sizes: [Int]? = nil, spatial: [Int]? = nil) throws {
    self.call = call
    let x = try call.input(0).shape
    let sizes = sizes ?? call.node.ints("kernel_shape") ?? []
    try call.require(
      x.rank > 2 && sizes.count == x.rank - 2 && x.count > 0, "a window of \(sizes) over \(x)")
    let spatial = spatial ?? Array(x.dimensions.dropFirst(2))
    axes = try sizes.indices.map { axis in
      try call.node.window(axis: axis, rank: sizes.count, size: sizes[axis], input: spatial[axis])
    }
  }

  package init(_ call: TapeCall, axes: [Window]) {
    (self.call, self.axes) = (call, axes)
  }

  /// The taps of a window.
  var count: Int { axes.reduce(1) { $0 * $1.size } }

  /// The number of windows along every axis.
  func outputs(_ spatial: [Int]) throws -> [Int] {
    let result = zip(axes, spatial).map { $0.outputCount(for: $1) }
    try call.require(
      result.allSatisfy { $0 > 0 }, "its window does not fit into the \(spatial) that reach it")
    return result
  }

  /// The smallest spatial extents that make the first input's when a window runs over them.
  func unpooled(_ shape: Shape) -> [Int] {
    zip(axes, shape.dimensions.dropFirst(2)).map { window, extent in
      (extent - 1) * window.stride + window.extent - window.padBefore - window.padAfter
    }
  }

  /// For every tap and every window the place of what the tap sees, in row-major order; −1 for padding.
  ///
  /// - Parameters:
  ///   - spatial: The extents that the windows run over.
  ///   - outputs: The number of windows along every axis.
  ///   - rows: How many such lists will be used at once, which bounds their size.
  /// - Returns: As many as `count` times the product of `outputs`.
  /// - Throws: `NetworkError` where they are too many.
  func places(_ spatial: [Int], outputs: [Int], rows: Int) throws -> [Int] {
    _ = try call.shape([rows] + axes.map(\.size) + outputs)
    var places = [0]
    // The taps of all axes first, then the windows of all axes; each axis adds to both.
    var (taps, windows) = (1, 1)
    for (axis, window) in axes.enumerated() {
      let own = (0..<window.size).map { tap in
        (0..<outputs[axis]).map { output -> Int in
          let place = output * window.stride - window.padBefore + tap * window.dilation
          return (0..<spatial[axis]).contains(place) ? place : -1
        }
      }
      var next: [Int] = []
      next.reserveCapacity(places.count * window.size * outputs[axis])
      for tap in 0..<taps {
        for row in own {
          for output in 0..<windows {
            let outer = places[tap * windows + output]
            for place in row {
              next.append(outer < 0 || place < 0 ? -1 : outer * spatial[axis] + place)
            }
          }
        }
      }
      places = next
      (taps, windows) = (taps * window.size, windows * outputs[axis])
    }
    return places
  }
}
