import Blocks
import Graphs
import Tensors

extension Lowering {
  /// A normalization of rows of features that are in channel blocks already.
  mutating func lowerLayerNormalization(_ node: Node) throws -> Bool {
    let shape = try shape(node.inputs[0])
    let axis = node.int("axis", default: -1)
    guard node.outputs.dropFirst().allSatisfy(\.isEmpty), let twin = twin(of: node.inputs[0]),
      (axis < 0 ? axis + shape.rank : axis) == shape.rank - 1,
      let scale = feature(node.input(1), of: shape),
      let shift = node.input(2) == nil
        ? [Float](repeating: 0, count: shape[-1]) : feature(node.input(2), of: shape)
    else { return false }
    let normalization = LayerNormalization(
      scale: scale, shift: shift, epsilon: node.float("epsilon", default: 1e-5))
    try emitRows(.layerNormalization(normalization), [twin], for: node, shape: shape)
    return true
  }

  /// Constants, one a feature.
  private func feature(_ name: String?, of shape: Shape) -> [Float]? {
    constant(name).flatMap { Self.perFeature($0.tensor, shape) }
  }

  /// Turned axes between a map and its pixels as rows of channels, which are the same in channel blocks.
  mutating func lowerTranspose(_ node: Node) throws -> Bool {
    let name = node.inputs[0]
    guard case .value(let value, let shape)? = operands[name], value != 0, shape.rank > 2,
      !watched.contains(node.outputs[0])
    else { return false }
    let order = node.ints("perm") ?? shape.dimensions.indices.reversed()
    let toLast = [0] + Array(2..<shape.rank) + [1]
    let toFirst = [0, shape.rank - 1] + Array(1..<shape.rank - 1)
    guard order.count == shape.rank else { return false }
    if order == toLast, case .blocks(shape[0], shape[1], _, _) = program.forms[value] {
      let turned = Shape(order.map { shape[$0] })
      try account.hold(turned)
      let tensor = program.value(.tensor(turned))
      program.instructions.append(
        Instruction(operation: .blocksToRows, inputs: [value], outputs: [tensor]))
      twins[tensor] = value
      operands[node.outputs[0]] = .value(tensor, turned)
      return true
    }
    if order == toFirst, let twin = twin(of: name),
      case .blocks(shape[0], shape[-1], _, _) = program.forms[twin]
    {
      operands[node.outputs[0]] = .value(twin, Shape(order.map { shape[$0] }))
      return true
    }
    return false
  }
}
