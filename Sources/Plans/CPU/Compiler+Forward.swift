import Blocks
import CKernels
import Graphs
import Tensors

extension Compiler {
  /// Adds the stages that run an instruction forwards.
  func emitForward(_ instruction: Instruction) {
    let output = instruction.output
    let source = instruction.inputs.first.flatMap { value in
      value == 0 ? input.source(for: instruction) : maps[value]
    }
    switch instruction.operation {
    case .tape(let call):
      emitTape(instruction, call)
    case .replaced:
      emitReplaced(instruction)
    case .toTensor:
      emitToTensor(instruction)
    case .toBlocks:
      guard let slot = slots[instruction.inputs[0]], let map = maps[output] else { return }
      let (value, input) = (instruction.inputs[0], input)
      emit(forward: true, "to blocks", uses: [map]) {
        { pool in
          for image in 0..<map.batch { map.zeroRing(image: image) }
          map.read(from: value == 0 ? input.tensor : slot.tensor, pool: pool)
        }
      }
    case .rowsToBlocks:
      guard let slot = slots[instruction.inputs[0]], let map = maps[output] else { return }
      let (value, input) = (instruction.inputs[0], input)
      emit(forward: true, "rows to blocks", uses: [map]) {
        { pool in
          for image in 0..<map.batch { map.zeroRing(image: image) }
          map.read(rows: value == 0 ? input.tensor : slot.tensor, adding: false, pool: pool)
        }
      }
    case .blocksToRows:
      guard let result = slots[output], let map = maps[instruction.inputs[0]],
        case .tensor(let shape) = program.forms[output]
      else { return }
      emit(forward: true, "blocks to rows", uses: [map]) {
        { pool in result.tensor = map.rows(shape, pool: pool) }
      }
    case .gatherRows(let rows):
      guard let source, let map = maps[output] else { return }
      emit(forward: true, "gather rows", uses: [source, map]) {
        let gather = map.gather(source, rows: rows)
        return { pool in
          for image in 0..<map.batch { map.zeroRing(image: image) }
          gather(pool)
        }
      }
    case .concatenate:
      emitConcatenation(instruction)
    case .attention(let attention):
      emitAttention(instruction, attention)
    default:
      guard let source, let map = maps[output] else { return }
      var store = Store(map, clamp: instruction.clamp)
      store.addend = instruction.addend.flatMap { maps[$0] }
      store.activation = instruction.activation
      if differentiable, instruction.activation != nil {
        let slopes = FeatureMap(
          batch: map.batch, channels: map.channels, height: map.height, width: map.width)
        (self.slopes[output], store.slopes) = (slopes, slopes)
      }
      emitKernel(instruction, from: source, to: store)
    }
  }

  private func emitKernel(_ instruction: Instruction, from source: FeatureMap, to store: Store) {
    let map = store.map
    let (scratch, packsInUse) = (scratch, packsInUse)
    /// A stage that also renews the ring, whose place another map may have used.
    func emit(
      _ name: String, reading read: FeatureMap? = nil, uses: [FeatureMap] = [],
      by convolution: Convolution? = nil, over output: FeatureMap? = nil,
      _ build: @escaping () -> (ThreadPool) -> Void
    ) {
      let title = store.activation.map { "\(name), \($0.name)" } ?? name
      self.emit(
        forward: true, title, uses: [read ?? source] + store.uses + uses, by: convolution,
        over: output
      ) {
        let run = build()
        return { pool in
          for image in 0..<map.batch { map.zeroRing(image: image) }
          run(pool)
        }
      }
    }
    switch instruction.operation {
    case .convolution(let convolution):
      let merged = source.lanes == 16 ? convolution.merged(lanes: 16) : convolution
      let read = factor(source, of: merged, to: map, forward: true)
      read.widenRing(
        to: max(
          merged.vertical.reach(input: source.height, output: map.height),
          merged.horizontal.reach(input: source.width, output: map.width)))
      emit("conv \(convolution.title)", reading: read, by: convolution, over: map) {
        let jobs = merged.jobs(
          from: read, to: store, scratch: scratch, packingInUse: packsInUse)
        return { jobs.run($0) }
      }
    case .transposedConvolution(let convolution):
      let merged = convolution.mergedForTransposition()
      source.widenRing(
        to: max(
          merged.vertical.reachBack(input: map.height, output: source.height),
          merged.horizontal.reachBack(input: map.width, output: source.width)))
      emit("conv transposed \(convolution.title)", by: convolution, over: source) {
        let jobs = merged.transposedJobs(
          from: source, to: store, bias: merged.bias, scratch: scratch)
        return { jobs.run($0) }
      }
    case .maxPool(let vertical, let horizontal):
      let winners = differentiable ? Winners(map) : nil
      self.winners[instruction.output] = winners
      emit("max pool \(vertical.size)×\(horizontal.size)") {
        Pooling(vertical, horizontal, input: source, output: map).maximum(winners)
      }
    case .averagePool(let vertical, let horizontal, let countPadding):
      emit("average pool \(vertical.size)×\(horizontal.size)") {
        Pooling(vertical, horizontal, input: source, output: map)
          .average(store, countPadding: countPadding)
      }
    case .lrn(let lrn):
      emit("lrn") {
        { pool in
          var kernel = lrn.kernel(channels: map.channels)
          map.forEachBand(pool) { image, rows in
            kernel_lrn_forward(
              &kernel, source.kernelMap(image: image), map.kernelMap(image: image),
              Int32(map.width), Int32(rows.lowerBound), Int32(rows.upperBound))
          }
        }
      }
    case .layerNormalization(let normalization):
      emit("layer norm") { normalization.stage(source, to: store) }
    case .scaleShift(let scale, let shift):
      emit("scale") { Self.scaleShift(source, scale, shift, to: store) }
    case .add:
      guard let other = operand(instruction, 1) else { return }
      var sum = store
      sum.addend = other
      emit("add", uses: [other]) { Self.copy(source, to: sum) }
    case .multiply:
      guard let other = operand(instruction, 1) else { return }
      emit("multiply", uses: [other]) { Self.multiply(source, other, to: store) }
    case .activation(let activation):
      emit("activation \(activation.name)") { activation.stage(source, to: store) }
    case .copy:
      emit("copy") { Self.copy(source, to: store) }
    case .concatenate, .attention, .tape, .replaced, .toBlocks, .toTensor, .rowsToBlocks,
      .blocksToRows, .gatherRows:
      break
    }
  }

  private func operand(_ instruction: Instruction, _ position: Int) -> FeatureMap? {
    let value = instruction.inputs[position]
    return value == 0 ? input.source(for: instruction) : maps[value]
  }

  private func emitConcatenation(_ instruction: Instruction) {
    guard let whole = maps[instruction.output] else { return }
    var first = 0
    for part in instruction.inputs {
      guard let map = part == 0 ? input.source(for: instruction) : maps[part] else { continue }
      let (at, count) = (first, map.channels)
      if !map.lies(in: whole, from: at) {
        emit(forward: true, "concatenate", uses: [map, whole]) {
          { _ in
            for image in 0..<whole.batch { whole.zeroRing(image: image) }
            whole.copyChannels(count, from: map, at: 0, to: at, adding: false)
          }
        }
      }
      first += count
    }
    arena.use(whole, at: time)
  }

  private func emitToTensor(_ instruction: Instruction) {
    let value = instruction.inputs[0]
    guard let result = slots[instruction.output],
      case .tensor(let shape) = program.forms[instruction.output]
    else { return }
    if let map = value == 0 ? input.source(for: instruction) : maps[value] {
      emit(forward: true, "to tensor", uses: [map]) {
        { pool in result.tensor = map.tensor(shape, pool: pool) }
      }
    } else if let slot = slots[value] {
      let input = input
      emit(forward: true, "reshape", uses: []) {
        { _ in result.tensor = (value == 0 ? input.tensor : slot.tensor).reshaped(shape) }
      }
    }
  }

  /// `store(scale[c] · source + shift[c])`.
  static func scaleShift(
    _ source: FeatureMap, _ scale: [Float], _ shift: [Float], to store: Store
  ) -> (ThreadPool) -> Void {
    let scales = FloatBuffer(scale, paddedTo: source.blocks * 16)
    let shifts = FloatBuffer(shift, paddedTo: source.blocks * 16)
    return { pool in
      source.forEachBlock(pool) { image, block in
        var epilogue = store.epilogue { $0.kernelMap(image: image, block: block) }
        kernel_scale_shift(
          source.kernelMap(image: image, block: block),
          store.map.kernelMap(image: image, block: block), scales.pointer + block * 16,
          shifts.pointer + block * 16, &epilogue, 1, Int32(source.height), Int32(source.width))
      }
    }
  }

  /// `store(a · b)`; `b` may have one pixel, which goes for all.
  static func multiply(_ a: FeatureMap, _ b: FeatureMap, to store: Store) -> (ThreadPool) -> Void {
    { pool in
      a.forEachBlock(pool) { image, block in
        var epilogue = store.epilogue { $0.kernelMap(image: image, block: block) }
        var factor = b.kernelMap(image: image, block: block)
        if b.height * b.width == 1 { (factor.row, factor.pixel) = (0, 0) }
        kernel_multiply(
          a.kernelMap(image: image, block: block), factor,
          store.map.kernelMap(image: image, block: block), &epilogue, 1, Int32(a.height),
          Int32(a.width))
      }
    }
  }
}

extension LRN {
  func kernel(channels: Int) -> kernel_lrn {
    kernel_lrn(channels: Int32(channels), size: Int32(size), alpha: alpha, beta: beta, bias: bias)
  }
}

extension Convolution {
  /// The window and the channels, for tables.
  var title: String {
    "\(vertical.size)×\(horizontal.size)"
      + (vertical.stride > 1 ? "/\(vertical.stride)" : "")
      + (isDepthwise ? " depthwise \(groups)" : " \(inputChannels)→\(outputChannels)")
  }

  /// The same with groups merged for a convolution that is run backwards to transpose.
  func mergedForTransposition() -> Convolution {
    var merged = self
    // `merged` counts one bias an output channel; transposed, they belong to the other side.
    merged.bias = [Float](repeating: 0, count: outputChannels)
    merged = merged.merged(lanes: 16)
    merged.bias = bias
    return merged
  }
}
