import Autodiff
import Blocks
import Graphs
import Tensors

extension Compiler {
  /// Adds the stage that runs an operation on whole tensors and keeps its pullback.
  func emitTape(_ instruction: Instruction, _ call: TapeCall) {
    guard let run = Operator.table[call.node.type]?.run else {
      preconditionFailure("emitTape: no operator \(call.node.type)")
    }
    let (result, sources) = (slot(instruction.output), tensors(instruction.inputs))
    let record = TapeRecord()
    records[instruction.output] = record
    let remembers = differentiable && rectifier(call) == nil
    emit(forward: true, call.node.type.lowercased(), uses: []) {
      { _ in
        let inputs = sources.map { $0() }
        if remembers {
          (result.tensor, record.pullback) = try valueWithPullback(
            at: inputs, of: { try run(call.with($0)) })
        } else {
          result.tensor = try run(call.with(inputs.map { Variable($0) })).value
        }
      }
    }
  }

  /// Adds the stage that carries the gradient of such an operation back.
  func emitTapeBackward(_ instruction: Instruction, _ call: TapeCall) {
    if let clamp = rectifier(call) {
      emitRectifierBackward(instruction, clamp)
      return
    }
    guard let record = records[instruction.output] else { return }
    let result = slot(instruction.output)
    let targets = instruction.inputs.map { slots[$0] }
    let isObserved = observed.contains(instruction.output)
    emit(forward: false, "\(call.node.type.lowercased()) back", uses: []) {
      { _ in
        defer { result.release(keepingGradient: isObserved) }
        guard let gradient = result.gradient, let pullback = record.pullback else { return }
        for (target, part) in zip(targets, pullback(gradient)) { target?.add(part) }
        record.pullback = nil
      }
    }
  }

  /// The clamp of a rectifier that the rule for gradients treats otherwise than its derivative.
  func rectifier(_ call: TapeCall) -> Clamp? {
    // What is rectified may be a constant beside other inputs that are none.
    guard rule.rectification != .derivative, call.variableNames.first == call.node.input(0),
      let clamp = call.clamp, clamp.isRectifier
    else { return nil }
    return clamp
  }

  private func emitRectifierBackward(_ instruction: Instruction, _ clamp: Clamp) {
    let (result, target) = (slot(instruction.output), slot(instruction.inputs[0]))
    let (way, always) = (rule.rectification, shown.contains(instruction.output))
    emit(forward: false, "rectifier back", uses: []) {
      { _ in
        guard let gradient = result.gradient else { return }
        target.add(
          way.gradient(
            gradient.reshaped(result.tensor.shape), at: result.tensor, outside: clamp,
            always: always))
      }
    }
  }

  /// The tensors that values have while the plan runs.
  func tensors(_ values: [Value]) -> [() -> Tensor] {
    values.map { value in
      if value == 0 { return { [input] in input.tensor } }
      let slot = slot(value)
      return { slot.tensor }
    }
  }

  /// Where the tensor of a value lies.
  func slot(_ value: Value) -> TensorSlot {
    guard let slot = slots[value] else { preconditionFailure("slot: value \(value) is no tensor") }
    return slot
  }
}

/// The pullback of the last forward pass.
package final class TapeRecord {
  var pullback: ((Tensor) -> [Tensor])?
}
