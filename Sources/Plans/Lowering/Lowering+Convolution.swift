import Blocks
import Graphs
import Tensors

extension Lowering {
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
          + "reach it; use a larger picture")
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
    guard (3...4).contains(shape.rank), let weights = constant(node.input(1)),
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
    let (vertical, horizontal) = try node.windows(sizes: spatial, shape: shape)
    let result = try Self.outputShape(node, shape, channels: outputs, vertical, horizontal)
    let bias = try bias(node, 2, count: outputs)
    let operation = weighted(Operation.convolution) {
      Convolution(
        weights: weights.tensor.reshaped(
          [outputs, weights.shape[1], vertical.size, horizontal.size]),
        bias: bias, groups: groups, vertical: vertical, horizontal: horizontal,
        sharesWeights: isStored(node.inputs[1]))
    }
    try emit(operation, [source], for: node, shape: result)
    return true
  }

  /// An operation with weights; where only shapes are wanted, any without.
  func weighted(
    _ operation: (Convolution) -> Operation, _ convolution: () -> Convolution
  ) -> Operation {
    onlyShapes ? .copy : operation(convolution())
  }

  func bias(_ node: Node, _ position: Int, count: Int) throws -> [Float] {
    guard let name = node.input(position) else { return [Float](repeating: 0, count: count) }
    guard let bias = constant(name), bias.count == count else {
      throw NetworkError.invalidNode(node.title, reason: "its bias must be \(count) constants")
    }
    return bias.tensor.scalars
  }
}
