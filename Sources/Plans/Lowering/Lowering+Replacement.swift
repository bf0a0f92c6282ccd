import Blocks
import Graphs
import Tensors

extension Lowering {
  /// Keeps a node apart whose derivative the rule replaces: what it yields is handed on by an instruction
  /// that takes the gradient and knows the inputs, and that nothing is fused with.
  ///
  /// - Parameter node: A node that has been lowered.
  /// - Throws: `NetworkError` where a value is missing; `MemoryError`.
  mutating func replaceDerivative(of node: Node) throws {
    guard let replacement = rule.replacement else { return }
    let call = call(node)
    let names = call.variableNames
    guard !names.isEmpty else { return }
    for (output, name) in node.outputs.enumerated() where !name.isEmpty {
      guard case .value(_, let shape)? = operands[name] else { continue }
      let site = GradientRule.Site(
        node: node, constants: node.inputs.map { constant($0) }, output: output,
        kinds: call.kinds)
      guard let pullback = replacement(site) else { continue }
      try account.hold(shape)
      let wasInBlocks = isInBlocks(name)
      let inputs = try names.map { try asTensor($0) } + [asTensor(name)]
      let result = program.value(.tensor(shape))
      program.instructions.append(
        Instruction(
          operation: .replaced(
            ReplacedNode(
              rule: rule.name, site: site, pullback: pullback, shape: shape,
              readsOutput: rule.readsOutputs, places: node.inputs.map { names.firstIndex(of: $0) })),
          inputs: inputs, outputs: [result], layer: layers[name] ?? ""))
      operands[name] = .value(result, shape)
      // Whoever has a kernel for it reads it in blocks.
      if wasInBlocks { _ = asBlocks(name) }
    }
  }
}
