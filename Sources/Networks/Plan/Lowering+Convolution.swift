import Tensors

extension Lowering {
  /// The largest size, stride, dilation or padding of a window that is believed.
  static let largestWindow = 1 << 20

  /// A node's window along one spatial axis, whatever way it states its padding.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - axis: 0 for the first spatial axis.
  ///   - rank: The number of spatial axes.
  ///   - size: The window's size along it.
  ///   - input: The input's extent along it.
  /// - Returns: The window.
  /// - Throws: `NetworkError` where no such window can be.
  static func window(
    _ node: Node, axis: Int, rank: Int, size: Int, input: Int
  ) throws -> Window {
    let stride = node.ints("strides")?[checked: axis] ?? 1
    let dilation = node.ints("dilations")?[checked: axis] ?? 1
    guard (1...largestWindow).contains(size), (1...largestWindow).contains(stride),
      (1...largestWindow).contains(dilation)
    else {
      throw NetworkError.invalidNode(
        node.title, reason: "window \(size), stride \(stride), dilation \(dilation)")
    }
    var window = Window(size: size, stride: stride, dilation: dilation)
    window.ceil = node.int("ceil_mode", default: 0) != 0
    switch node.string("auto_pad", default: "NOTSET") {
    case "SAME_UPPER", "SAME_LOWER":
      let output = (input + stride - 1) / stride
      let total = max(0, (output - 1) * stride + window.extent - input)
      window.padBefore =
        node.string("auto_pad", default: "") == "SAME_UPPER" ? total / 2 : (total + 1) / 2
      window.padAfter = total - window.padBefore
    case "VALID": break
    default:
      window.padBefore = node.ints("pads")?[checked: axis] ?? 0
      window.padAfter = node.ints("pads")?[checked: axis + rank] ?? 0
    }
    guard (0...largestWindow).contains(window.padBefore),
      (0...largestWindow).contains(window.padAfter)
    else {
      throw NetworkError.invalidNode(
        node.title, reason: "padding of \(window.padBefore) and \(window.padAfter)")
    }
    return window
  }

  /// Both windows of a node over an N×C×H×W or N×C×L shape; a row has the trivial vertical one.
  static func windows(
    _ node: Node, sizes: [Int], shape: Shape
  ) throws -> (vertical: Window, horizontal: Window) {
    if shape.rank == 3 {
      return (
        Window(size: 1),
        try window(node, axis: 0, rank: 1, size: sizes[checked: 0] ?? 1, input: shape[2])
      )
    }
    return (
      try window(node, axis: 0, rank: 2, size: sizes[checked: 0] ?? 1, input: shape[2]),
      try window(node, axis: 1, rank: 2, size: sizes[checked: 1] ?? 1, input: shape[3])
    )
  }

  /// The shape that a pair of windows makes of an input shape.
  ///
  /// - Throws: `NetworkError.inputShape` where not one window fits.
  static func outputShape(
    _ node: Node, _ shape: Shape, channels: Int, _ vertical: Window, _ horizontal: Window
  ) throws -> Shape {
    let height = vertical.outputCount(for: shape.rank == 3 ? 1 : shape[2])
    let width = horizontal.outputCount(for: shape[-1])
    guard height > 0, width > 0 else {
      throw NetworkError.invalidNode(
        node.title,
        reason:
          "its \(vertical.size)×\(horizontal.size) window does not fit into the \(shape) that "
          + "reach it; use a larger picture (--size)")
    }
    try check([shape[0], channels, height, width], of: node)
    return shape.rank == 3 ? [shape[0], channels, width] : [shape[0], channels, height, width]
  }

  /// Checks that a tensor of these extents can be.
  static func check(_ extents: [Int], of node: Node) throws {
    _ = try TapeCall(node: node, constants: [:]).shape(extents)
  }

  mutating func lowerConv(_ node: Node) throws -> Bool {
    let shape = try shape(node.inputs[0])
    guard (3...4).contains(shape.rank), let weights = constant(node.input(1))?.tensor,
      weights.shape.rank == shape.rank, let source = asBlocks(node.inputs[0])
    else { return false }
    let groups = node.int("group", default: 1)
    let outputs = weights.shape[0]
    guard (1...max(1, shape[1])).contains(groups), outputs > 0, outputs.isMultiple(of: groups),
      weights.shape[1] * groups == shape[1]
    else {
      throw NetworkError.invalidNode(
        node.title, reason: "weights \(weights.shape) in \(groups) groups for an input \(shape)")
    }
    let spatial = Array(weights.shape.dimensions.dropFirst(2))
    let (vertical, horizontal) = try Self.windows(node, sizes: spatial, shape: shape)
    let result = try Self.outputShape(node, shape, channels: outputs, vertical, horizontal)
    let convolution = Convolution(
      weights: weights.reshaped([outputs, weights.shape[1], vertical.size, horizontal.size]),
      bias: try bias(node, 2, count: outputs), groups: groups, vertical: vertical,
      horizontal: horizontal)
    try emit(.convolution(convolution), [source], for: node, shape: result)
    return true
  }

  func bias(_ node: Node, _ position: Int, count: Int) throws -> [Float] {
    guard let name = node.input(position) else { return [Float](repeating: 0, count: count) }
    guard let bias = constant(name)?.tensor, bias.count == count else {
      throw NetworkError.invalidNode(node.title, reason: "its bias must be \(count) constants")
    }
    return bias.scalars
  }
}

extension Array {
  /// The element at a position, or `nil` beyond the end.
  subscript(checked position: Int) -> Element? {
    indices.contains(position) ? self[position] : nil
  }
}

extension Node {
  /// The operator and the node's name, for messages.
  package var title: String {
    name.isEmpty ? "\(type) → \(outputs.first ?? "")" : "\(type) '\(name)'"
  }
}
