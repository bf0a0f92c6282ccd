import Blocks
import Tensors

extension Compiler {
  /// Adds the stage that computes attention.
  func emitAttention(_ instruction: Instruction, _ attention: Attention) {
    let (sources, output) = (instruction.inputs.map(place), place(instruction.output))
    let scratch = scratch
    emit(
      forward: true, "attention \(attention.title)", uses: (sources + [output]).compactMap(\.map),
      multiplyAdds: attention.multiplyAdds
    ) {
      scratch.reserve(attention.scratch)
      return { pool in
        switch output {
        case .blocks(let map): for image in 0..<map.batch { map.zeroRing(image: image) }
        case .tensor(let slot, let shape): slot.tensor = Tensor(uninitialized: shape)
        }
        attention.run(
          sources.map(\.memory), to: output.memory, scratch: scratch, pool: pool)
      }
    }
  }

  /// Adds the stage that carries the gradient of attention back.
  func emitAttentionBackward(_ instruction: Instruction, _ attention: Attention) {
    let (sources, output) = (instruction.inputs.map(place), place(instruction.output))
    let gradient = output.map.map { _ in gradientMap(instruction.output) }
    let isObserved = observed.contains(instruction.output)
    let scratch = scratch
    contributeRaw(
      to: instruction.inputs.filter { maps[$0] != nil }, "attention back \(attention.title)",
      uses: sources.compactMap(\.map) + (gradient.map { [$0] } ?? []),
      multiplyAdds: attention.multiplyAdds * 5 / 2
    ) { targets in
      scratch.reserve(attention.scratch)
      return { pool in
        defer { output.slot?.release(keepingGradient: isObserved) }
        for (map, adding) in targets where !adding { map.clear() }
        let tensor = output.slot?.gradient
        guard let given = gradient.map({ TokenMemory($0) }) ?? tensor.map({ TokenMemory($0) })
        else { return }
        var (maps, parts) = (targets[...], [(slot: TensorSlot, part: Tensor)]())
        let sums = sources.map { source in
          switch source {
          case .blocks: return TokenMemory(maps.removeFirst().map)
          case .tensor(let slot, let shape):
            let part = Tensor(shape)
            parts.append((slot, part))
            return TokenMemory(part)
          }
        }
        attention.back(
          sources.map(\.memory), gradient: given, to: sums, scratch: scratch, pool: pool)
        for (slot, part) in parts { slot.add(part) }
        withExtendedLifetime(tensor) {}
      }
    }
  }

  private func place(_ value: Value) -> ValuePlace {
    if let map = maps[value] { return .blocks(map) }
    guard case .tensor(let shape) = program.forms[value] else {
      preconditionFailure("place: value \(value)")
    }
    return .tensor(slot(value), shape)
  }
}

/// Where a value is.
private enum ValuePlace {
  case blocks(FeatureMap)
  case tensor(TensorSlot, Shape)

  var map: FeatureMap? { if case .blocks(let map) = self { map } else { nil } }
  var slot: TensorSlot? { if case .tensor(let slot, _) = self { slot } else { nil } }

  /// Its memory, while the plan runs.
  var memory: TokenMemory {
    switch self {
    case .blocks(let map): TokenMemory(map)
    case .tensor(let slot, _): TokenMemory(slot.tensor)
    }
  }
}
