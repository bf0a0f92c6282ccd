import Tensors

extension Lowering {
  /// The largest size, stride, dilation or padding of a window that is believed.
  static let largestWindow = 1 << 20

  /// A node's window along one spatial axis, whatever way it states its padding.
  ///
  /// - Parameters:
  ///   - axis: 0 for the first spatial axis.
  ///   - rank: The number of spatial axes.
  ///   - size: The window's size along it.
  ///   - input: The input's extent along it.
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
  private static func check(_ extents: [Int], of node: Node) throws {
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
    emit(.convolution(convolution), [source], for: node, shape: result)
    return true
  }

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
    emit(
      .transposedConvolution(convolution), [source], for: node,
      shape: Shape([shape[0], outputs] + extents))
    return true
  }

  /// The windows of a transposed convolution, described as the convolution that it is the way back of, and
  /// the extents of its result.
  ///
  /// - Parameters:
  ///   - sizes: The windows' sizes, one a spatial axis.
  ///   - inputs: The extents of the spatial axes.
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

  /// A fully connected layer: a convolution whose window is its whole input.
  ///
  /// - Parameter weights: (outputs, inputs).
  mutating func lowerDense(
    _ node: Node, weights: Tensor, bias: [Float]
  ) throws -> Bool {
    guard case .value(let value, let shape)? = operands[node.inputs[0]], shape.rank == 2
    else { return false }
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    guard weights.count > 0 else { return false }
    guard inputs == shape[1] else {
      throw NetworkError.invalidNode(
        node.title,
        reason:
          "it takes \(inputs) features and gets \(shape[1]); this network fixes its input's size")
    }
    var height = 1
    var width = 1
    let source: Value
    if case .blocks(shape[0], let channels, let h, let w) = program.forms[value],
      channels * h * w == inputs
    {
      (height, width) = (h, w)
      source = value
    } else if let value = asBlocks(node.inputs[0]) {
      source = value
    } else {
      return false
    }
    let convolution = Convolution(
      weights: weights.reshaped([outputs, inputs / (height * width), height, width]), bias: bias,
      groups: 1, vertical: Window(size: height, stride: height),
      horizontal: Window(size: width, stride: width))
    emit(.convolution(convolution), [source], for: node, shape: [shape[0], outputs])
    return true
  }

  mutating func lowerGemm(_ node: Node) throws -> Bool {
    guard node.int("transA", default: 0) == 0, let weights = constant(node.input(1))?.tensor,
      weights.shape.rank == 2
    else { return false }
    let transposed = node.int("transB", default: 0) != 0
    let alpha = node.float("alpha", default: 1)
    let beta = node.float("beta", default: 1)
    let outputs = weights.shape[transposed ? 0 : 1]
    var bias = [Float](repeating: 0, count: outputs)
    if let name = node.input(2) {
      // One number a row, which broadcasts as well, is left to the tape.
      guard let constant = constant(name)?.tensor, constant.shape.rank <= 2,
        constant.count == 1
          || (constant.count == outputs && constant.shape.dimensions.last == outputs)
      else { return false }
      bias = bias.indices.map { beta * constant.scalars[constant.count == 1 ? 0 : $0] }
    }
    var matrix = transposed ? weights : weights.transposedMatrix()
    if alpha != 1 {
      matrix.withUnsafeMutableBufferPointer { for i in $0.indices { $0[i] *= alpha } }
    }
    return try lowerDense(node, weights: matrix, bias: bias)
  }

  mutating func lowerMatMul(_ node: Node) throws -> Bool {
    guard let weights = constant(node.input(1))?.tensor, weights.shape.rank == 2 else {
      return false
    }
    return try lowerDense(
      node, weights: weights.transposedMatrix(),
      bias: [Float](repeating: 0, count: weights.shape[1]))
  }

  private func bias(_ node: Node, _ position: Int, count: Int) throws -> [Float] {
    guard let name = node.input(position) else { return [Float](repeating: 0, count: count) }
    guard let bias = constant(name)?.tensor, bias.count == count else {
      throw NetworkError.invalidNode(node.title, reason: "its bias must be \(count) constants")
    }
    return bias.scalars
  }
}

extension Tensor {
  /// The transpose of a matrix, (rows, columns) to (columns, rows).
  func transposedMatrix() -> Tensor {
    let (rows, columns) = (shape[0], shape[1])
    return Tensor([columns, rows]) { result in
      withUnsafeBufferPointer { matrix in
        for row in 0..<rows {
          for column in 0..<columns { result[column * rows + row] = matrix[row * columns + column] }
        }
      }
    }
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
