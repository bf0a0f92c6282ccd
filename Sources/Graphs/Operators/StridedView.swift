package import Tensors

/// Elements of a tensor by strides: element (i₀, i₁, …) is its scalar `offset + Σ strides[k] · iₖ`, row by row.
package struct StridedView: Equatable {
  package private(set) var offset = 0
  package private(set) var extents: [Int]
  package private(set) var strides: [Int]

  /// The whole tensor.
  package init(_ shape: Shape) {
    (extents, strides) = (shape.dimensions, shape.strides)
  }

  /// The view with its axes in another order.
  package func transposed(_ order: [Int]) -> StridedView {
    var view = self
    (view.extents, view.strides) = (order.map { extents[$0] }, order.map { strides[$0] })
    return view
  }

  /// The same elements in the same order under other extents; `nil` where no strides say where they are.
  package func reshaped(_ shape: Shape) -> StridedView? {
    guard !extents.contains(0), shape.count == extents.reduce(1, *) else { return nil }
    // Axes that follow from each other are one run of elements, the innermost first.
    var runs: [(extent: Int, stride: Int)] = []
    for (extent, stride) in zip(extents, strides).reversed() where extent > 1 {
      if let last = runs.last, last.stride * last.extent == stride {
        runs[runs.count - 1].extent *= extent
      } else {
        runs.append((extent, stride))
      }
    }
    var view = self
    (view.extents, view.strides) = (shape.dimensions, shape.dimensions.map { _ in 0 })
    var place = 0
    for (axis, extent) in shape.dimensions.enumerated().reversed() where extent > 1 {
      if runs[place].extent == 1 { place += 1 }
      guard runs[place].extent.isMultiple(of: extent) else { return nil }
      view.strides[axis] = runs[place].stride
      runs[place].extent /= extent
      runs[place].stride *= extent
    }
    return view
  }

  /// Some places of an axis.
  private func sliced(_ range: Range<Int>, alongAxis axis: Int) -> StridedView {
    var view = self
    view.offset += range.lowerBound * strides[axis]
    view.extents[axis] = range.count
    return view
  }

  /// One place of an axis, which is left out.
  private func chosen(_ place: Int, ofAxis axis: Int) -> StridedView {
    var view = sliced(place..<place + 1, alongAxis: axis)
    view.extents.remove(at: axis)
    view.strides.remove(at: axis)
    return view
  }

  /// Where the elements (i₀, i₁, …, 0, 0, …) are, for all places of the first `count` axes.
  package func places(ofFirst count: Int) -> [Int] {
    Shape(Array(extents[..<count])).offsets(strides: Array(strides[..<count])).map { $0 + offset }
  }

  /// What a node makes of the elements, where it only moves or chooses them.
  ///
  /// - Parameters:
  ///   - call: The node, whose first input the view is and whose others are constants.
  ///   - shape: The shape of its result.
  /// - Returns: The result as elements of the same tensor; `nil` where no strides say where they are.
  package func passing(_ call: TapeCall, to shape: Shape) -> StridedView? {
    let node = call.node
    guard call.variableNames == node.input(0).map({ [$0] }) else { return nil }
    var result: StridedView?
    switch node.type {
    case "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze": return reshaped(shape)
    case "Transpose":
      result = transposed(node.ints("perm") ?? extents.indices.reversed())
    case "Gather":
      guard let axis = try? call.axis(node.int("axis", default: 0), rank: extents.count),
        let places = try? call.indices(1, extent: extents[axis]), places.count == 1
      else { return nil }
      result = chosen(places[0], ofAxis: axis).reshaped(shape)
    case "Split":
      guard let axis = try? call.axis(node.int("axis", default: 0), rank: extents.count),
        let lengths = try? call.integers("split", orInput: 1)
      else { return splitEvenly(call, to: shape) }
      let start = lengths.prefix(call.output).reduce(0, +)
      result = sliced(start..<start + shape[axis], alongAxis: axis)
    case "Slice": result = sliced(by: call, to: shape)
    default: return nil
    }
    return result?.extents == shape.dimensions ? result : nil
  }

  private func splitEvenly(_ call: TapeCall, to shape: Shape) -> StridedView? {
    guard let axis = try? call.axis(call.node.int("axis", default: 0), rank: extents.count),
      case let parts = call.node.int("num_outputs", default: call.node.outputs.count),
      extents[axis] == parts * shape[axis]
    else { return nil }
    let start = call.output * shape[axis]
    return sliced(start..<start + shape[axis], alongAxis: axis)
  }

  private func sliced(by call: TapeCall, to shape: Shape) -> StridedView? {
    guard let starts = try? call.integers("starts", orInput: 1),
      let axes = try? call.axes(
        try call.integers("axes", orInput: 3) ?? Array(starts.indices), rank: extents.count),
      axes.count == starts.count, (try? call.constant(4))??.integers.allSatisfy({ $0 == 1 }) ?? true
    else { return nil }
    return zip(axes, starts).reduce(self) { view, next in
      let (axis, start) = next
      let first = max(0, min(extents[axis], start < 0 ? start + extents[axis] : start))
      return view.sliced(first..<first + shape[axis], alongAxis: axis)
    }
  }
}
