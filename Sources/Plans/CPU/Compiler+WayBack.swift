import Blocks
import Graphs
import Tensors

// The order of the way back, and what has to be known before it is laid out.
extension Compiler {
  /// Adds the stages from the gradients of the results to that of the input.
  func emitBackward() {
    let reached = instructionsReached()
    countParts(of: reached)
    for instruction in reached where instruction.isConcatenation { adoptClamp(of: instruction) }
    findShown(among: reached)
    time += 1
    for (index, value) in results.enumerated() { emitSeed(value, index: index) }
    for instruction in reached.reversed() {
      time += 1
      layer = instruction.layer
      emitBackward(instruction)
    }
    time += 1
    layer = ""
    input.emitBackward(self)
  }

  /// The instructions that a gradient comes through: others are there for what is only observed, or for a value
  /// whose derivative is replaced.
  private func instructionsReached() -> [Instruction] {
    let after = stopsAtObserved ? valuesAfterObserved() : nil
    var wanted = Set(results)
    var reached: [Instruction] = []
    for instruction in program.instructions.reversed()
    where wanted.contains(instruction.output) && after?.contains(instruction.output) ?? true {
      reached.append(instruction)
      wanted.formUnion(instruction.differentiated)
    }
    return reached.reversed()
  }

  /// The values that follow from what is observed: gradients of others are of no use to it.
  private func valuesAfterObserved() -> Set<Value> {
    var (known, after) = (observed, Set<Value>())
    for instruction in program.instructions where !known.isDisjoint(with: instruction.reads) {
      known.formUnion(instruction.outputs)
      after.formUnion(instruction.outputs)
    }
    return after
  }

  /// Counts the parts of every value's gradient; what comes back to a picture gathers elsewhere.
  private func countParts(of reached: [Instruction]) {
    for instruction in reached {
      for value in instruction.differentiated
      where value != 0 || !input.isReadAsPicture(by: instruction) {
        expected[value, default: 0] += 1
      }
    }
    for value in results { expected[value, default: 0] += 1 }
  }

  /// Finds the values that the results show as they are, but for where their scalars lie and which are left out.
  private func findShown(among reached: [Instruction]) {
    shown = Set(results)
    for instruction in reached.reversed()
    where shown.contains(instruction.output) && instruction.isRearrangement {
      shown.formUnion(instruction.inputs)
    }
  }

  /// Where all parts of a concatenation were stored with one clamp, and nobody else reads them, the
  /// whole's gradient can pass it at once.
  private func adoptClamp(of instruction: Instruction) {
    let clamps = instruction.inputs.map { self.clamps[$0] }
    guard let clamp = clamps[0], clamps.allSatisfy({ $0 == clamp }) else { return }
    var first = 0
    for part in instruction.inputs {
      guard expected[part] == 1, !observed.contains(part), !results.contains(part),
        first.isMultiple(of: 16), let map = maps[part]
      else { return }
      first += map.channels
    }
    self.clamps[instruction.output] = clamp
    for part in instruction.inputs { self.clamps[part] = nil }
  }

  private func emitSeed(_ value: Value, index: Int) {
    let seed = TensorSlot()
    seeds[index] = seed
    if maps[value] != nil {
      contributeRaw(to: value, "seed", uses: []) { map, adding in
        { pool in
          let zero = [map.batch, map.channels, map.height, map.width] as Shape
          map.read(from: seed.gradient ?? Tensor(zero), adding: adding, pool: pool)
        }
      }
    } else if let slot = slots[value], case .tensor(let shape) = program.forms[value] {
      // The reading may have another shape than the value that it renames.
      emit(forward: false, "seed", uses: []) {
        { _ in if let gradient = seed.gradient { slot.add(gradient.reshaped(shape)) } }
      }
    }
  }
}

extension Instruction {
  fileprivate var isConcatenation: Bool {
    if case .concatenate = operation { true } else { false }
  }

  /// Whether the output is the inputs' scalars, or some of them, in another order or form.
  fileprivate var isRearrangement: Bool {
    switch operation {
    case .toTensor, .toBlocks, .rowsToBlocks, .blocksToRows, .gatherRows, .concatenate: true
    case .copy: clamp == nil
    // What readings of some channels or of a grid are made of.
    case .tape(let call): call.isRearrangement
    default: false
    }
  }
}

extension TapeCall {
  /// Whether the result is elements of the inputs that are moved, or chosen by their places alone.
  var isRearrangement: Bool {
    guard let known = Operator.table[node.type] else { return false }
    let role = known.role(self)
    return role.keepsNumbers || role == .concatenation
      || role == .selection && !known.choosesByValue
  }
}
