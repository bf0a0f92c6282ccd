import Blocks
import Graphs
import Tensors

extension Compiler {
  /// Adds the stage that hands on what a node yields whose derivative is replaced.
  func emitReplaced(_ instruction: Instruction) {
    guard case .tensor(let shape) = program.forms[instruction.output],
      let source = tensors(instruction.inputs).last
    else { preconditionFailure("emitReplaced: no tensor") }
    let result = slot(instruction.output)
    emit(forward: true, "hand on", uses: []) { { _ in result.tensor = source().reshaped(shape) } }
  }

  /// Adds the stage that gives the node's inputs what the rule says.
  func emitReplacedBackward(_ instruction: Instruction, _ node: ReplacedNode) {
    let result = slot(instruction.output)
    let variables = instruction.differentiated
    let (sources, targets) = (tensors(variables), variables.map { slot($0) })
    let isObserved = observed.contains(instruction.output)
    emit(forward: false, "\(node.site.node.type.lowercased()) by \(node.rule)", uses: []) {
      { _ in
        defer { result.release(keepingGradient: isObserved) }
        guard let gradient = result.gradient else { return }
        let parts = try node.cotangents(
          sources.map { $0() }, output: result.tensor, cotangent: gradient)
        for (target, part) in zip(targets, parts) { if let part { target.add(part) } }
      }
    }
  }
}
