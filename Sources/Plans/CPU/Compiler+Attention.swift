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
        let inputs = sources.map(\.memory)
        if let map = output.map {
          for image in 0..<map.batch { map.zeroRing(image: image) }
        } else if let (slot, shape) = output.slot {
          slot.tensor = Tensor(uninitialized: shape)
        }
        attention.run(inputs, to: output.memory, scratch: scratch, pool: pool)
      }
    }
  }

  /// Adds the stage that carries the gradient of attention back.
  func emitAttentionBackward(_ instruction: Instruction, _ attention: Attention) {
    let (sources, output) = (instruction.inputs.map(place), place(instruction.output))
    let gradient = output.map.map { _ in gradientMap(instruction.output) }
    let isObserved = observed.contains(instruction.output)
    let inBlocks = instruction.inputs.filter { maps[$0] != nil }
    let scratch = scratch
    contributeRaw(
      to: inBlocks, "attention back \(attention.title)",
      uses: sources.compactMap(\.map) + (gradient.map { [$0] } ?? []),
      multiplyAdds: attention.multiplyAdds * 5 / 2
    ) { targets in
      scratch.reserve(attention.scratch)
      return { pool in
        defer { output.slot?.slot.release(keepingGradient: isObserved) }
        for (map, adding) in targets where !adding { map.clear() }
        let tensor = output.slot?.slot.gradient
        guard let given = gradient.map({ TokenMemory($0) }) ?? tensor.map({ TokenMemory($0) })
        else { return }
        var maps = targets.map(\.map).makeIterator()
        let parts = sources.map { $0.slot.map { Tensor($0.shape) } }
        attention.back(
          sources.map(\.memory), gradient: given,
          to: parts.map { part in
            part.map { TokenMemory($0) } ?? maps.next().map { TokenMemory($0) } ?? given
          },
          scratch: scratch, pool: pool)
        for (source, part) in zip(sources, parts) {
          if let part { source.slot?.slot.add(part) }
        }
        withExtendedLifetime(tensor) {}
      }
    }
  }

  /// Where a value is.
  private func place(_ value: Value) -> ValuePlace {
    if let map = maps[value] { return ValuePlace(map: map) }
    guard case .tensor(let shape) = program.forms[value] else {
      preconditionFailure("place: value \(value)")
    }
    return ValuePlace(slot: (slot(value), shape))
  }
}

/// Where a value is: in channel blocks or as a tensor.
private struct ValuePlace {
  var map: FeatureMap?
  var slot: (slot: TensorSlot, shape: Shape)?

  /// Its memory, while the plan runs.
  var memory: TokenMemory {
    if let map { return TokenMemory(map) }
    guard let slot else { preconditionFailure("ValuePlace: nowhere") }
    return TokenMemory(slot.slot.tensor)
  }
}

extension Attention {
  /// The heads and the extents, for tables.
  fileprivate var title: String { "\(heads) × \(queries)×\(keys), \(width)" }
}
