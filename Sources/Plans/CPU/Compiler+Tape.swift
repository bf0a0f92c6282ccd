import Blocks
import Graphs
import Autodiff
import Tensors

extension Compiler {
  /// Adds the stage that runs an operation on whole tensors and keeps its pullback.
  func emitTape(_ instruction: Instruction, _ call: TapeCall) {
    guard let result = slots[instruction.output], let run = Operator.table[call.node.type]?.run
    else {
      return
    }
    let sources = instruction.inputs.map { value -> () -> Tensor in
      let (slot, input) = (slots[value], input)
      return { value == 0 ? input.tensor : slot?.tensor ?? Tensor([0]) }
    }
    let record = TapeRecord()
    records[instruction.output] = record
    let differentiable = differentiable
    emit(forward: true, call.node.type.lowercased(), uses: []) {
      { _ in
        let inputs = sources.map { $0() }
        // The operator ran on this shape when the plan was made; it does not throw now.
        if differentiable,
          let (value, pullback) = try? valueWithPullback(
            at: inputs, of: { try run(call.with($0)) })
        {
          result.tensor = value
          record.pullback = pullback
        } else if let value = try? run(call.with(inputs.map { Variable($0) })).value {
          result.tensor = value
        }
      }
    }
  }

  func emitTapeBackward(_ instruction: Instruction, _ call: TapeCall) {
    guard let slot = slots[instruction.output], let record = records[instruction.output] else {
      return
    }
    let targets = instruction.inputs.map { slots[$0] }
    emit(forward: false, "\(call.node.type.lowercased()) back", uses: []) {
      { _ in
        guard let gradient = slot.gradient, let pullback = record.pullback else { return }
        for (target, part) in zip(targets, pullback(gradient)) { target?.add(part) }
        record.pullback = nil
      }
    }
  }
}

/// The pullback of the last forward pass.
package final class TapeRecord {
  var pullback: ((Tensor) -> [Tensor])?
}
