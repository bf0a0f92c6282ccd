import Blocks
import Graphs
import Tensors

extension Lowering {
  mutating func lowerConvTranspose(_ node: Node) throws -> Bool {
    let shape = try shape(node.inputs[0])
    guard (3...4).contains(shape.rank), let weights = constant(node.input(1)),
      weights.shape.rank == shape.rank, let source = asBlocks(node.inputs[0])
    else { return false }
    let groups = node.int("group", default: 1)
    guard (1...max(1, shape[1])).contains(groups), weights.shape[0] == shape[1],
      weights.shape[0].isMultiple(of: groups), weights.shape[1] > 0
    else {
      throw NetworkError.invalidNode(
        node.title, reason: "weights \(weights.shape) in \(groups) groups for an input \(shape)")
    }
    var (windows, extents) = try node.transposedWindows(
      sizes: Array(weights.shape.dimensions.dropFirst(2)),
      inputs: Array(shape.dimensions.dropFirst(2)))
    let rank = windows.count
    if rank == 1 { windows.insert(Window(size: 1), at: 0) }
    let outputs = weights.shape[1] * groups
    try Self.check([shape[0], outputs] + extents, of: node)
    let bias = try bias(node, 2, count: outputs)
    let (vertical, horizontal) = (windows[0], windows[1])
    let operation = weighted(Operation.transposedConvolution) {
      Convolution(
        weights: weights.tensor.reshaped(
          [weights.shape[0], weights.shape[1], vertical.size, horizontal.size]),
        bias: bias, groups: groups, vertical: vertical, horizontal: horizontal)
    }
    try emit(operation, [source], for: node, shape: Shape([shape[0], outputs] + extents))
    return true
  }
}
