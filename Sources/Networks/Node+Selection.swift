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
  func slice(along axis: Int, of shape: Shape, _ graph: Graph) -> (start: Int, step: Int)? {
    guard type == "Slice", let starts = integers("starts", 1, graph),
      let axes = integers("axes", 3, graph) ?? (input(3) == nil ? Array(starts.indices) : nil),
      let place = axes.firstIndex(where: { $0 == axis || $0 == axis - shape.rank }),
      let start = starts[checked: place]
    else { return nil }
    let step = integers("steps", 4, graph)?[checked: place] ?? 1
    // Backwards it begins with the last entry that there is.
    let last = shape[axis] - (step < 0 ? 1 : 0)
    return (min(max(start < 0 ? start + shape[axis] : start, 0), last), step)
  }

  /// Whether a selection takes what lies along an axis in another order.
  func takesInOtherOrder(_ axis: Int, of shape: Shape, _ graph: Graph) -> Bool {
    switch type {
    case "Slice": (slice(along: axis, of: shape, graph)?.step ?? 1) < 0
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
  ///   - graph: Its graph.
  ///   - shapes: The shapes of the values.
  /// - Returns: Nil where nothing says what it takes.
  func selection(
    along axis: Int, of shape: Shape, as output: String, _ graph: Graph, _ shapes: [String: Shape]
  ) -> AxisSelection? {
    switch type {
    case "Slice":
      return slice(along: axis, of: shape, graph).map { .steps(from: $0.start, by: $0.step) }
        ?? .all
    case "Split":
      guard isAttribute("axis", axis, of: shape) else { return .all }
      let before = outputs.prefix { $0 != output }.map { shapes[$0]?[axis] }
      return before.contains(nil)
        ? nil : .steps(from: before.reduce(0) { $0 + ($1 ?? 0) }, by: 1)
    case "Gather":
      guard isAttribute("axis", axis, of: shape) else { return .all }
      return integers("", 1, graph).map { .indices($0.map { $0 < 0 ? $0 + shape[axis] : $0 }) }
    case "Pad":
      guard let pads = integers("pads", 1, graph) else { return nil }
      let axes = integers("axes", 3, graph) ?? Array(0..<shape.rank)
      guard let place = axes.firstIndex(where: { $0 == axis || $0 == axis - shape.rank }) else {
        return .all
      }
      guard pads.count == 2 * axes.count else { return nil }
      return .padding(before: pads[place], after: pads[axes.count + place])
    case "CenterCropPad":
      guard let count = shapes[output]?[axis] else { return nil }
      let before = count < shape[axis] ? -((shape[axis] - count) / 2) : (count - shape[axis]) / 2
      return .padding(before: before, after: count - shape[axis] - before)
    default:
      // What takes elements by numbers of its own, and as many of them or another number.
      return type.hasPrefix("Gather")
        || shapes[output]?[axis] != shape[axis] && Self.counts.contains(type)
        ? nil : .all
    }
  }

  private static let counts: Set = ["Tile", "TopK", "Compress", "Expand"]

  /// The windows of a convolution or pooling along a spatial axis: from a window's first entry to its last, and padding.
  ///
  /// - Parameters:
  ///   - axis: The axis, the first spatial one being 0.
  ///   - graph: The graph.
  /// - Returns: Nil of other nodes, and where padding keeps sizes by itself.
  func window(along axis: Int, _ graph: Graph) -> (reach: Int, pads: (Int, Int))? {
    let isConvolution = graph.role(of: self).isConvolution && !type.hasPrefix("ConvTranspose")
    guard axis >= 0, isConvolution || type.hasSuffix("Pool") && !type.hasPrefix("Global"),
      let sizes = ints("kernel_shape")
        ?? input(1).flatMap({ graph.constants[$0]?.shape }).map({
          Array($0.dimensions.dropFirst(2))
        }), let size = sizes[checked: axis]
    else { return nil }
    if case .string(let padding)? = attributes["auto_pad"], padding.hasPrefix("SAME") { return nil }
    let pads = ints("pads") ?? []
    let dilation = ints("dilations")?[checked: axis] ?? 1
    let (before, after) = (pads[checked: axis] ?? 0, pads[checked: axis + sizes.count] ?? 0)
    // No picture has such windows, and what says so may lie.
    let most = 1 << 20
    guard (1...most).contains(size), (1...most).contains(dilation),
      [before, after].allSatisfy({ (-most...most).contains($0) })
    else { return nil }
    return ((size - 1) * dilation, (before, after))
  }

  /// Numbers that a node has as an attribute, in old operator sets, or as a constant input.
  private func integers(_ attribute: String, _ position: Int, _ graph: Graph) -> [Int]? {
    let most = 1 << 30
    return ints(attribute)?.map { min(max($0, -most), most) }
      ?? input(position).flatMap { graph.constants[$0]?.tensor.scalars }?.map {
        $0.isFinite ? Int(min(max($0, Float(-most)), Float(most))) : 0
      }
  }

  private func isAttribute(_ name: String, _ axis: Int, of shape: Shape) -> Bool {
    let own = int(name, default: 0)
    return own == axis || own == axis - shape.rank
  }
}
