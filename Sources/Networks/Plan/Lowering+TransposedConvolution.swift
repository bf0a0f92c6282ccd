import Tensors

extension Lowering {
  mutating func lowerConvTranspose(_ node: Node) throws -> Bool {
    let shape = try shape(node.inputs[0])
    guard (3...4).contains(shape.rank), let weights = constant(node.input(1))?.tensor,
      weights.shape.rank == shape.rank, let source = asBlocks(node.inputs[0])
    else { return false }
    let groups = node.int("group", default: 1)
    guard (1...max(1, shape[1])).contains(groups), weights.shape[0] == shape[1],
      weights.shape[0].isMultiple(of: groups), weights.shape[1] > 0
    else {
      throw NetworkError.invalidNode(
        node.title, reason: "weights \(weights.shape) in \(groups) groups for an input \(shape)")
    }
    var (windows, extents) = try Self.transposedWindows(
      node, sizes: Array(weights.shape.dimensions.dropFirst(2)),
      inputs: Array(shape.dimensions.dropFirst(2)))
    let rank = windows.count
    if rank == 1 { windows.insert(Window(size: 1), at: 0) }
    let outputs = weights.shape[1] * groups
    try Self.check([shape[0], outputs] + extents, of: node)
    let convolution = Convolution(
      weights: weights.reshaped(
        [weights.shape[0], weights.shape[1], windows[0].size, windows[1].size]),
      bias: try bias(node, 2, count: outputs), groups: groups, vertical: windows[0],
      horizontal: windows[1])
    try emit(
      .transposedConvolution(convolution), [source], for: node,
      shape: Shape([shape[0], outputs] + extents))
    return true
  }

  /// The windows of a transposed convolution, described as the convolution that it is the way back of, and
  /// the extents of its result.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - sizes: The windows' sizes, one a spatial axis.
  ///   - inputs: The extents of the spatial axes.
  /// - Returns: The windows and the extents.
  /// - Throws: `NetworkError` where no such windows can be.
  static func transposedWindows(
    _ node: Node, sizes: [Int], inputs: [Int]
  ) throws -> (windows: [Window], extents: [Int]) {
    var windows: [Window] = []
    var extents: [Int] = []
    var plain = node
    plain.attributes["auto_pad"] = .string("NOTSET")
    for (axis, input) in inputs.enumerated() {
      var window = try Self.window(
        plain, axis: axis, rank: inputs.count, size: sizes[axis], input: input)
      let more = node.ints("output_padding")?[checked: axis] ?? 0
      let whole = (input - 1) * window.stride + window.extent
      let mode = node.string("auto_pad", default: "NOTSET")
      let wanted =
        node.ints("output_shape")?.suffix(inputs.count).dropFirst(axis).first
        ?? (mode.hasPrefix("SAME") ? input * window.stride : nil)
      guard (0...largestWindow).contains(more), (wanted ?? 1) > 0,
        (wanted ?? 1) <= largestWindow
      else {
        throw NetworkError.invalidNode(node.title, reason: "output padding \(more)")
      }
      var extent = whole + more - window.padBefore - window.padAfter
      if let wanted {
        let total = max(0, whole + more - wanted)
        window.padBefore = mode == "SAME_UPPER" ? total / 2 : total - total / 2
        extent = wanted
      }
      guard extent > 0 else {
        throw NetworkError.invalidNode(node.title, reason: "its result would be empty")
      }
      window.padAfter = 0
      windows.append(window)
      extents.append(extent)
    }
    return (windows, extents)
  }
}
