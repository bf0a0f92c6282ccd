import Blocks
import Graphs
import Tensors

extension Lowering {
  mutating func lowerActivation(_ node: Node) throws -> Bool {
    guard let activation = Activation(node), node.inputs.count == 1 else { return false }
    let shape = try shape(node.inputs[0])
    if let twin = twin(of: node.inputs[0]) {
      try emitRows(.activation(activation), [twin], for: node, shape: shape)
      return true
    }
    guard isInBlocks(node.inputs[0]), let source = asBlocks(node.inputs[0]) else { return false }
    try emit(.activation(activation), [source], for: node, shape: shape)
    return true
  }
}
