import Blocks
import Graphs

extension Program {
  /// Merges what can be done in one pass over memory: batch norm into the convolution before it, a sum
  /// into the store of its last convolution, a clamp or an activation into the store of what it follows.
  ///
  /// - Parameter results: Values that somebody reads and that must therefore exist.
  package mutating func fuse(keeping results: Set<Value>) {
    foldScales(results)
    foldSums(results)
    foldClamps(results)
    foldActivations(results)
  }

  /// The instruction that makes `value`, if `reader` alone reads it and it may vanish.
  private func soleProducer(
    of value: Value, for reader: Int, _ results: Set<Value>, _ readers: [Value: [Int]],
    _ producers: [Value: Int]
  ) -> Int? {
    guard !results.contains(value), readers[value] == [reader], let producer = producers[value],
      instructions[producer].clamp == nil
    else { return nil }
    return producer
  }

  private mutating func foldScales(_ results: Set<Value>) {
    let (readers, producers) = (readers(), makers())
    var gone = Set<Int>()
    var origin: [Int: Int] = [:]  // a folded instruction → the one that now makes its output
    for index in instructions.indices {
      guard case .scaleShift(let scale, let shift) = instructions[index].operation,
        let producer = soleProducer(
          of: instructions[index].inputs[0], for: index, results, readers, producers)
      else { continue }
      let target = origin[producer] ?? producer
      guard case .convolution(let convolution) = instructions[target].operation,
        instructions[target].addend == nil
      else { continue }
      instructions[target].operation = .convolution(
        convolution.followed(scale: scale, shift: shift))
      instructions[target].outputs = instructions[index].outputs
      instructions[target].clamp = instructions[index].clamp
      origin[index] = target
      gone.insert(index)
    }
    remove(gone)
  }

  private mutating func foldSums(_ results: Set<Value>) {
    let (readers, producers) = (readers(), makers())
    var gone = Set<Int>()
    for index in instructions.indices {
      guard case .add = instructions[index].operation else { continue }
      let inputs = instructions[index].inputs
      let convolutions = inputs.indices.filter { position in
        guard inputs[0] != inputs[1],
          let producer = soleProducer(
            of: inputs[position], for: index, results, readers, producers),
          instructions[producer].addend == nil
        else { return false }
        if case .convolution = instructions[producer].operation { return true }
        return false
      }
      guard
        let position = convolutions.max(by: {
          (producers[inputs[$0]] ?? 0) < (producers[inputs[$1]] ?? 0)
        }),
        let producer = producers[inputs[position]]
      else { continue }
      // Nothing else reads the convolution's result, so it can wait until the other summand is there.
      var fused = instructions[producer]
      fused.addend = inputs[1 - position]
      fused.outputs = instructions[index].outputs
      fused.clamp = instructions[index].clamp
      instructions[index] = fused
      gone.insert(producer)
    }
    remove(gone)
  }

  private mutating func foldClamps(_ results: Set<Value>) {
    foldIntoStores(results) { last, producer in
      guard case .copy = last.operation, let clamp = last.clamp,
        producer.operation.storesWithClamp
      else { return false }
      producer.clamp = clamp
      return true
    }
  }

  private mutating func foldActivations(_ results: Set<Value>) {
    foldIntoStores(results) { last, producer in
      guard case .activation(let activation) = last.operation, activation.keepsZero,
        last.clamp == nil, producer.operation.storesWithActivation
      else { return false }
      producer.activation = activation
      return true
    }
  }

  /// Lets the store of what makes a value do what its one reader does, where `take` gives the maker that; it is false where
  /// the maker's store cannot do it.
  private mutating func foldIntoStores(
    _ results: Set<Value>, _ take: (_ last: Instruction, _ producer: inout Instruction) -> Bool
  ) {
    let (readers, producers) = (readers(), makers())
    var gone = Set<Int>()
    for index in instructions.indices where instructions[index].inputs.count == 1 {
      guard
        let producer = soleProducer(
          of: instructions[index].inputs[0], for: index, results, readers, producers),
        take(instructions[index], &instructions[producer])
      else { continue }
      instructions[producer].outputs = instructions[index].outputs
      gone.insert(index)
    }
    remove(gone)
  }

  private mutating func remove(_ gone: Set<Int>) {
    instructions = instructions.indices.filter { !gone.contains($0) }.map { instructions[$0] }
  }
}

extension Operation {
  /// Whether the operation's kernel can clamp what it stores.
  fileprivate var storesWithClamp: Bool {
    switch self {
    case .convolution, .transposedConvolution, .averagePool, .scaleShift, .add, .multiply,
      .activation:
      true
    default: false
    }
  }

  /// Whether the operation's kernel can apply an activation to what it stores.
  fileprivate var storesWithActivation: Bool {
    switch self {
    case .activation: false
    case .layerNormalization: true
    default: storesWithClamp
    }
  }
}
