import Graphs
import Tensors

/// Which entries of an axis a node takes, and in which order.
enum AxisSelection {
  /// All of them, or so many over the same part of the picture.
  case all
  case steps(from: Int, by: Int)
  case indices([Int])
  case padding(before: Int, after: Int)
}

extension Node {
  /// Where a slice begins along an axis, and its step; nil where it takes all of it, or nothing says what.
  func slice(along axis: Int, of shape: Shape, _ operands: Operands) -> (start: Int, step: Int)? {
    guard type == "Slice", let starts = integers("starts", 1, operands),
      let place = sliced(operands)?.firstIndex(where: { $0 == axis || $0 == axis - shape.rank }),
      let start = starts[checked: place],
      let step = input(4) == nil ? 1 : integers("", 4, operands)?[checked: place]
    else { return nil }
    // Backwards it begins with the last entry that there is.
    let last = shape[axis] - (step < 0 ? 1 : 0)
    return (min(max(start < 0 ? start + shape[axis] : start, 0), last), step)
  }

  /// The axes that a slice takes a part of; nil where nothing says them.
  private func sliced(_ operands: Operands) -> [Int]? {
    integers("axes", 3, operands)
      ?? (input(3) == nil ? integers("starts", 1, operands).map { Array($0.indices) } : nil)
  }

  /// Whether a selection takes what lies along an axis in another order.
  func takesInOtherOrder(_ axis: Int, of shape: Shape, _ operands: Operands) -> Bool {
    switch type {
    case "Slice": (slice(along: axis, of: shape, operands)?.step ?? 1) < 0
    case "Gather": isAttribute("axis", axis, of: shape)
    default: type.hasPrefix("Gather")
    }
  }

  /// What a selection takes along an axis.
  ///
  /// - Parameters:
  ///   - axis: The axis.
  ///   - shape: The shape of what it selects from.
  ///   - output: Which of its outputs is asked for.
  ///   - operands: What is known of the graph's values.
  /// - Returns: Nil where nothing says what it takes.
  func selection(
    along axis: Int, of shape: Shape, as output: String, _ operands: Operands
  ) -> AxisSelection? {
    switch type {
    case "Slice":
      guard let axes = sliced(operands) else { return nil }
      guard axes.contains(where: { $0 == axis || $0 == axis - shape.rank }) else { return .all }
      return slice(along: axis, of: shape, operands).map { .steps(from: $0.start, by: $0.step) }
    case "Split":
      guard isAttribute("axis", axis, of: shape) else { return .all }
      let before = outputs.prefix { $0 != output }.map { operands.shapes[$0]?[axis] }
      return before.contains(nil)
        ? nil : .steps(from: before.reduce(0) { $0 + ($1 ?? 0) }, by: 1)
    case "Gather":
      guard isAttribute("axis", axis, of: shape) else { return .all }
      return integers("", 1, operands).map { .indices($0.map { $0 < 0 ? $0 + shape[axis] : $0 }) }
    case "Pad":
      guard let pads = integers("pads", 1, operands) else { return nil }
      let axes = integers("axes", 3, operands) ?? Array(0..<shape.rank)
      guard let place = axes.firstIndex(where: { $0 == axis || $0 == axis - shape.rank }) else {
        return .all
      }
      guard pads.count == 2 * axes.count else { return nil }
      return .padding(before: pads[place], after: pads[axes.count + place])
    case "CenterCropPad":
      guard let count = operands.shapes[output]?[axis] else { return nil }
      let before = count < shape[axis] ? -((shape[axis] - count) / 2) : (count - shape[axis]) / 2
      return .padding(before: before, after: count - shape[axis] - before)
    default:
      // What takes elements by numbers of its own, and as many of them or another number.
      return type.hasPrefix("Gather")
        || operands.shapes[output]?[axis] != shape[axis] && Self.counts.contains(type)
        ? nil : .all
    }
  }

  private static let counts: Set = ["Tile", "TopK", "Compress", "Expand"]

  /// The windows of a convolution or pooling along a spatial axis: from a window's first entry to its last, from one to the
  /// next, and padding.
  ///
  /// - Parameters:
  ///   - axis: The axis, the first spatial one being 0.
  ///   - operands: What is known of the graph's values.
  /// - Returns: Nil of other nodes, and where padding keeps sizes by itself.
  func window(along axis: Int, _ operands: Operands) -> (reach: Int, stride: Int, pads: (Int, Int))?
  {
    let isConvolution =
      operands.graph.role(of: self).isConvolution && !type.hasPrefix("ConvTranspose")
    guard axis >= 0, isConvolution || type.hasSuffix("Pool") && !type.hasPrefix("Global"),
      let sizes = ints("kernel_shape")
        ?? input(1).flatMap({ operands.shape($0) }).map({
          Array($0.dimensions.dropFirst(2))
        }), let size = sizes[checked: axis]
    else { return nil }
    if case .string(let padding)? = attributes["auto_pad"], padding.hasPrefix("SAME") { return nil }
    let pads = ints("pads") ?? []
    let dilation = ints("dilations")?[checked: axis] ?? 1
    let stride = ints("strides")?[checked: axis] ?? 1
    let (before, after) = (pads[checked: axis] ?? 0, pads[checked: axis + sizes.count] ?? 0)
    // No picture has such windows, and what says so may lie.
    let most = 1 << 20
    guard (1...most).contains(size), (1...most).contains(dilation),
      [before, after].allSatisfy({ (-most...most).contains($0) })
    else { return nil }
    return ((size - 1) * dilation, stride, (before, after))
  }

  /// Numbers that a node has as an attribute, in old operator sets, or as a constant input.
  private func integers(_ attribute: String, _ position: Int, _ operands: Operands) -> [Int]? {
    let most = 1 << 30
    return ints(attribute)?.map { min(max($0, -most), most) }
      ?? input(position).flatMap { operands.constant($0)?.tensor.scalars }?.map {
        $0.isFinite ? Int(min(max($0, Float(-most)), Float(most))) : 0
      }
  }

  private func isAttribute(_ name: String, _ axis: Int, of shape: Shape) -> Bool {
    let own = int(name, default: 0)
    return own == axis || own == axis - shape.rank
  }
}
