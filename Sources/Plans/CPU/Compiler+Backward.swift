import Blocks
import CKernels
import Graphs
import Tensors

extension Compiler {
  /// Adds the stages that carry the gradient of an instruction's output to its inputs.
  func emitBackward(_ instruction: Instruction) {
    switch instruction.operation {
    case .tape(let call):
      emitTapeBackward(instruction, call)
    case .replaced(let node):
      emitReplacedBackward(instruction, node)
    case .toTensor:
      emitToTensorBackward(instruction)
    case .toBlocks:
      guard let slot = slots[instruction.inputs[0]],
        case .tensor(let shape) = program.forms[instruction.inputs[0]]
      else { return }
      let gradient = gradientMap(instruction.output)
      emit(forward: false, "to blocks", uses: [gradient]) {
        { pool in slot.add(gradient.tensor(shape, pool: pool)) }
      }
    case .rowsToBlocks:
      guard let slot = slots[instruction.inputs[0]],
        case .tensor(let shape) = program.forms[instruction.inputs[0]]
      else { return }
      let gradient = gradientMap(instruction.output)
      emit(forward: false, "rows to blocks", uses: [gradient]) {
        { pool in slot.add(gradient.rows(shape, pool: pool)) }
      }
    case .blocksToRows:
      guard let slot = slots[instruction.output],
        case .tensor(let shape) = program.forms[instruction.output]
      else { return }
      contributeRaw(to: instruction.inputs[0], "blocks to rows", uses: []) { map, adding in
        { pool in map.read(rows: slot.gradient ?? Tensor(shape), adding: adding, pool: pool) }
      }
    case .gatherRows(let rows):
      let gradient = gradientMap(instruction.output)
      contributeRaw(to: instruction.inputs[0], "gather rows back", uses: [gradient]) {
        map, adding in
        gradient.scatter(to: map, rows: rows, adding: adding)
      }
    case .concatenate:
      emitConcatenationBackward(instruction)
    case .attention(let attention):
      emitAttentionBackward(instruction, attention)
    default:
      let gradient = gradientMap(instruction.output)
      if let addend = instruction.addend { passOn(gradient, to: addend) }
      emitKernelBackward(instruction, gradient)
    }
  }

  private func emitKernelBackward(_ instruction: Instruction, _ gradient: FeatureMap) {
    let value = instruction.inputs[0]
    let (scratch, packsInUse) = (scratch, packsInUse)
    switch instruction.operation {
    case .convolution(let convolution):
      if value == 0, input.source(for: instruction)?.lanes != 16 {
        input.contribute(convolution, from: gradient, self)
        return
      }
      guard let map = maps[value] else { return }
      let merged = convolution.merged(lanes: 16)
      let read = factor(gradient, of: merged, to: map, forward: false)
      read.widenRing(
        to: max(
          merged.vertical.reachBack(input: map.height, output: gradient.height),
          merged.horizontal.reachBack(input: map.width, output: gradient.width)))
      contribute(
        to: value, "conv back \(convolution.title)", uses: [read], by: convolution,
        over: gradient
      ) { store in
        let jobs = merged.transposedJobs(
          from: read, to: store, scratch: scratch, packingInUse: packsInUse)
        return { jobs.run($0) }
      }
    case .transposedConvolution(let convolution):
      guard let map = maps[value] else { return }
      var merged = convolution.mergedForTransposition()
      merged.bias = [Float](repeating: 0, count: merged.outputChannels)
      gradient.widenRing(
        to: max(
          merged.vertical.reach(input: gradient.height, output: map.height),
          merged.horizontal.reach(input: gradient.width, output: map.width)))
      contribute(
        to: value, "conv transposed back \(convolution.title)", uses: [gradient], by: convolution,
        over: map
      ) { store in
        let jobs = merged.jobs(from: gradient, to: store, scratch: scratch)
        return { jobs.run($0) }
      }
    case .maxPool(let vertical, let horizontal):
      guard let winners = winners[instruction.output] else { return }
      contribute(to: value, "max pool back", uses: [gradient]) { store in
        Pooling(vertical, horizontal, input: store.map, output: gradient)
          .maximumBackward(winners, to: store)
      }
    case .averagePool(let vertical, let horizontal, let countPadding):
      contribute(to: value, "average pool back", uses: [gradient]) { store in
        Pooling(vertical, horizontal, input: store.map, output: gradient)
          .averageBackward(store, countPadding: countPadding)
      }
    case .lrn(let lrn):
      guard let source = value == 0 ? input.source(for: instruction) : maps[value] else { return }
      contribute(to: value, "lrn back", uses: [gradient, source]) { store in
        { pool in
          var kernel = lrn.kernel(channels: source.channels)
          source.forEachBand(pool) { image, rows in
            var epilogue = store.epilogue(image: image)
            kernel_lrn_backward(
              &kernel, source.kernelMap(image: image), gradient.kernelMap(image: image),
              store.map.kernelMap(image: image), &epilogue, Int32(source.width),
              Int32(rows.lowerBound), Int32(rows.upperBound))
          }
        }
      }
    case .layerNormalization(let normalization):
      guard let source = value == 0 ? input.source(for: instruction) : maps[value] else { return }
      contribute(to: value, "layer norm back", uses: [gradient, source]) {
        normalization.stage(source, gradient: gradient, to: $0)
      }
    case .scaleShift(let scale, _):
      contribute(to: value, "scale back", uses: [gradient]) { store in
        Self.scaleShift(gradient, scale, [], to: store)
      }
    case .add:
      for value in instruction.inputs { passOn(gradient, to: value) }
    case .multiply:
      for position in 0...1 {
        let other = instruction.inputs[1 - position]
        guard let factor = other == 0 ? input.source(for: instruction) : maps[other] else {
          continue
        }
        let target = maps[instruction.inputs[position]]
        contribute(to: instruction.inputs[position], "multiply back", uses: [gradient, factor]) {
          target?.isPixel == true && !gradient.isPixel
            ? Self.sumOfProducts(gradient, factor, to: $0) : Self.multiply(gradient, factor, to: $0)
        }
      }
    case .activation(let activation):
      guard let source = value == 0 ? input.source(for: instruction) : maps[value] else { return }
      contribute(to: value, "activation back \(activation.name)", uses: [gradient, source]) {
        activation.stage(source, gradient: gradient, to: $0)
      }
    case .copy:
      passOn(gradient, to: value)
    case .concatenate, .attention, .tape, .replaced, .toBlocks, .toTensor, .rowsToBlocks,
      .blocksToRows, .gatherRows:
      break
    }
  }

  /// `store(Σ a · b)` over all pixels: the gradient of a factor of one pixel.
  private static func sumOfProducts(
    _ a: FeatureMap, _ b: FeatureMap, to store: Store
  ) -> (ThreadPool) -> Void {
    { pool in
      a.forEachBlock(pool) { image, block in
        var epilogue = store.epilogue { $0.kernelMap(image: image, block: block) }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 48) { memory in
          memory.initialize(repeating: 0)
          guard let zeros = memory.baseAddress else { return }
          let (sums, products) = (zeros + 16, zeros + 32)
          kernel_channel_products(
            a.kernelMap(image: image, block: block), b.kernelMap(image: image, block: block),
            zeros, sums, products, 1, Int32(a.height), Int32(a.width))
          kernel_copy(
            kernel_map(data: products, block: 16, row: 16, pixel: 16),
            store.map.kernelMap(image: image, block: block), &epilogue, 1, 1, 1)
        }
      }
    }
  }

  private func emitConcatenationBackward(_ instruction: Instruction) {
    let whole = gradientMap(instruction.output)
    var first = 0
    for part in instruction.inputs {
      guard let count = maps[part]?.channels else { continue }
      let at = first
      if !shareGradient(of: part, with: whole, firstChannel: first) {
        contributeRaw(to: part, "split", uses: [whole]) { map, adding in
          { _ in map.copyChannels(count, from: whole, at: at, to: 0, adding: adding) }
        }
      }
      first += count
    }
  }

  private func emitToTensorBackward(_ instruction: Instruction) {
    let value = instruction.inputs[0]
    guard let slot = slots[instruction.output] else { return }
    let isObserved = observed.contains(instruction.output)
    if let map = maps[value] {
      let shape: Shape = [map.batch, map.channels, map.height, map.width]
      contributeRaw(to: value, "to tensor", uses: []) { map, adding in
        { pool in
          defer { slot.release(keepingGradient: isObserved) }
          map.read(
            from: slot.gradient?.reshaped(shape) ?? Tensor(shape), adding: adding, pool: pool)
        }
      }
    } else if let source = slots[value], case .tensor(let shape) = program.forms[value] {
      emit(forward: false, "reshape", uses: []) {
        { _ in if let gradient = slot.gradient { source.add(gradient.reshaped(shape)) } }
      }
    }
  }
}
