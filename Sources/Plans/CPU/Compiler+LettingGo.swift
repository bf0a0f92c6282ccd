import Graphs
import Tensors

// Tensors that a plan need not hold to its end.
extension Compiler {
  /// The tensors that nobody reads once an instruction has run forwards: no later one, not the way back, nobody
  /// outside.
  ///
  /// - Returns: Slots by the instruction's place.
  func tensorsReadLast() -> [Int: [TensorSlot]] {
    var kept = Set(results).union(observed).union([0])
    var last: [Value: Int] = [:]
    for (place, instruction) in program.instructions.enumerated() {
      for value in instruction.reads + instruction.outputs { last[value] = place }
      if differentiable { kept.formUnion(valuesReadBack(by: instruction)) }
    }
    var left: [Int: [TensorSlot]] = [:]
    for (value, place) in last where !kept.contains(value) {
      if let slot = slots[value] { left[place, default: []].append(slot) }
    }
    return left
  }

  /// The values whose tensors an instruction reads on the way back; what the tape needs its pullbacks hold.
  private func valuesReadBack(by instruction: Instruction) -> [Value] {
    switch instruction.operation {
    case .replaced(let node):
      instruction.differentiated + (node.readsOutput ? instruction.outputs : [])
    case .tape(let call) where rectifier(call) != nil: instruction.outputs
    case .attention: instruction.inputs
    default: []
    }
  }
}
