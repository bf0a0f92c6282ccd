import Autodiff
import Tensors

extension Graph {
  /// The most numbers of a list that is looked at.
  private static let most = 64

  /// What only makes lists of others, as exporters write margins.
  private static let listing: Set = [
    "ConstantOfShape", "Concat", "Reshape", "Slice", "Transpose", "Cast", "Squeeze", "Unsqueeze",
  ]

  /// The same with the short lists among its constants that some nodes make of these.
  ///
  /// - Parameter nodes: The nodes, in the order in which they run.
  /// - Returns: The graph; its nodes stay.
  package func knowingLists(madeBy nodes: [Node]) -> Graph {
    var graph = self
    for node in nodes
    where Self.listing.contains(node.type) && node.outputs.count == 1
      && node.inputs.allSatisfy({
        $0.isEmpty || graph.constants[$0].map { $0.count <= Self.most } ?? false
      })
    {
      let inputs = node.inputs.map { graph.constants[$0]?.tensor ?? Tensor(0) }
      let isShort =
        node.type != "ConstantOfShape"
        || inputs.allSatisfy { $0.scalars.reduce(1) { $0 * max($1, 1) } <= Float(Self.most) }
      let call = TapeCall(node: node, constants: graph.constants)
      guard isShort, let known = Operator.table[node.type],
        let made = try? known.run(call.with(inputs: inputs.map { Variable($0) })).value,
        made.count <= Self.most
      else { continue }
      graph.constants[node.outputs[0]] = Constant(made, of: known.kind(call))
    }
    return graph
  }
}
