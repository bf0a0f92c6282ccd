import Blocks
import Graphs
import CKernels
import Tensors

/// A tensor on its way through a plan, and the gradient that has come back to it so far.
package final class TensorSlot {
  var tensor = Tensor([0])
  var gradient: Tensor?

  func add(_ part: Tensor) {
    if let shape = gradient?.shape {
      gradient? += part.reshaped(shape)
    } else {
      gradient = part
    }
  }
}

/// One thing that a plan does in every step.
package struct Stage {
  /// What is computed, and the layer whose it is.
  let name: String
  let layer: String
  /// What the definition takes, whatever the method.
  let multiplyAdds: Int
  /// Bytes of the maps and weights that are read and written.
  let bytes: Int
  let run: (ThreadPool) -> Void
}

/// Turns a program into stages: decides where every map lies, how long it stays, which store finishes
/// which gradient, and in what order all of it runs.
///
/// The first pass walks the program forwards and backwards and notes what is read when; then the arena
/// is laid out; then the stages are built, with addresses that stay.
package final class Compiler {
  var program: Program
  let results: [Value]
  let observed: Set<Value>
  let rule: GradientRule
  let threads: Int
  let differentiable: Bool

  let arena = Arena()
  let scratch: Scratch
  var maps: [Value: FeatureMap] = [:]
  var slots: [Value: TensorSlot] = [:]
  var gradients: [Value: FeatureMap] = [:]
  var input: InputBinding

  /// What clamps were folded into the making of each value.
  var clamps: [Value: Clamp] = [:]
  /// How many parts of each value's gradient have been provided for, and how many there will be.
  private var done: [Value: Int] = [:]
  var expected: [Value: Int] = [:]
  private var written = Set<Value>()
  /// A gradient that is a part of a value's gradient as it is, until the next part takes it along.
  private var pending: [Value: FeatureMap] = [:]

  private(set) var forward: [() -> Stage] = []
  private(set) var backward: [() -> Stage] = []
  /// The pullbacks of what the tape computes.
  var records: [Value: TapeRecord] = [:]
  /// Which taps won, of each max pool.
  var winners: [Value: Winners] = [:]
  /// Copies of gradients that somebody wants to see.
  var observations: [Value: TensorSlot] = [:]
  private(set) var time = 0
  /// The layer whose stages are being added.
  private var layer = ""

  package init(
    _ program: Program, input: InputBinding, results: [Value], observed: Set<Value>,
    rule: GradientRule, threads: Int, differentiable: Bool
  ) throws {
    self.program = program
    self.input = input
    self.results = results
    self.observed = observed
    self.rule = rule
    self.threads = threads
    scratch = Scratch(threads: threads)
    self.differentiable = differentiable
    try makeMaps()
    for value in observed where maps[value] != nil { observations[value] = TensorSlot() }
    shareConcatenations()
    for (index, instruction) in self.program.instructions.enumerated() {
      time = index + 1
      layer = instruction.layer
      if let clamp = instruction.clamp { clamps[instruction.output] = clamp }
      emitForward(instruction)
    }
    time += 1
    for value in results { if let map = maps[value] { arena.use(map, at: time) } }
    if differentiable { emitBackward() }
    input.reserve(in: arena, until: time)
    try arena.layOut()
  }

  // MARK: Maps

  private func makeMaps() throws {
    for (value, form) in program.forms.enumerated() {
      switch form {
      case .blocks(let batch, let channels, let height, let width):
        let map = FeatureMap(batch: batch, channels: channels, height: height, width: width)
        try MemoryLimit.check(scalars: map.count)
        maps[value] = map
      case .tensor:
        slots[value] = TensorSlot()
      }
    }
    if let map = maps[0] {
      input.prepare(
        &program, keeping: Set(results).union(observed), observed: observed.contains(0), map: map)
    }
  }

  /// Lets the parts of a concatenation be written where the whole lies.
  private func shareConcatenations() {
    let producers = Set(program.instructions.flatMap(\.outputs))
    var shared = Set<Value>()
    for instruction in program.instructions.reversed() {
      guard case .concatenate = instruction.operation, let whole = maps[instruction.output] else {
        continue
      }
      var first = 0
      for (position, part) in instruction.inputs.enumerated() {
        guard let map = maps[part] else { continue }
        let ends = position == instruction.inputs.count - 1
        if first.isMultiple(of: 16), ends || map.channels.isMultiple(of: 16),
          producers.contains(part), shared.insert(part).inserted
        {
          maps[part] = FeatureMap(of: whole, firstChannel: first, channels: map.channels)
        }
        first += map.channels
      }
    }
  }

  // MARK: Stages

  /// Adds a stage; maps named are read or written by it now.
  ///
  /// - Parameters:
  ///   - isForward: Whether it belongs to the pass forwards.
  ///   - name: What is computed.
  ///   - uses: The maps read or written.
  ///   - convolution: The convolution that it computes in either direction, if it does.
  ///   - output: The map of the convolution's outputs.
  ///   - build: Makes what runs, once the arena is laid out; on any thread.
  func emit(
    forward isForward: Bool, _ name: String, uses: [FeatureMap], by convolution: Convolution? = nil,
    over output: FeatureMap? = nil, _ build: @escaping () -> (ThreadPool) -> Void
  ) {
    for map in uses { arena.use(map, at: time) }
    let (layer, work) = (layer, output.map { convolution?.multiplyAdds(output: $0) ?? 0 } ?? 0)
    let scalars =
      uses.reduce(convolution?.weights.count ?? 0) {
        $0 + $1.batch * $1.channels * $1.height * $1.width
      }
    let stage = {
      Stage(
        name: name, layer: layer, multiplyAdds: work,
        bytes: scalars * MemoryLayout<Float>.stride, run: build())
    }
    if isForward { forward.append(stage) } else { backward.append(stage) }
  }

  /// Hands out what makes the stages, and forgets it and the program: they hold weights that the stages have
  /// packed.
  func takeBuilders() -> (forward: [(() -> Stage)?], backward: [(() -> Stage)?]) {
    defer { (program, forward, backward) = (Program(), [], []) }
    return (forward, backward)
  }

  // MARK: Gradients

  /// Where the gradient of a value gathers.
  func gradientMap(_ value: Value) -> FeatureMap {
    if let map = gradients[value] { return map }
    guard let map = maps[value] else { preconditionFailure("gradientMap: value \(value)") }
    let gradient = FeatureMap(
      batch: map.batch, channels: map.channels, height: map.height, width: map.width)
    gradients[value] = gradient
    return gradient
  }

  /// Whether the gradient of a value can lie in another's place: nothing else joins it, nothing is
  /// to be done to it.
  private func canShareGradient(_ value: Value) -> Bool {
    expected[value] == 1 && clamps[value] == nil && !observed.contains(value)
      && !results.contains(value) && gradients[value] == nil && value != 0
  }

  /// How the last part of a gradient passes the clamp that its value was stored with.
  private func finish(_ store: inout Store, of value: Value) {
    guard let clamp = clamps[value], let map = maps[value] else { return }
    switch (rule, clamp.lower == 0) {
    case (.guided, true):
      store.clamp = .relu
      store.mask = (map, clamp)
    case (.deconvolution, true):
      store.clamp = .relu
    default:
      store.mask = (map, clamp)
    }
  }

  private func isFinished(_ value: Value) -> Bool { done[value] == expected[value] }

  /// Adds a part of a value's gradient by a kernel that ends in a store.
  func contribute(
    to value: Value, _ name: String, uses: [FeatureMap], by convolution: Convolution? = nil,
    over output: FeatureMap? = nil, _ build: @escaping (Store) -> (ThreadPool) -> Void
  ) {
    let map = gradientMap(value)
    var store = Store(map)
    store.accumulate = written.contains(value)
    store.addend = pending.removeValue(forKey: value)
    done[value, default: 0] += 1
    let fused = isFinished(value) && !observed.contains(value) && rule != .redirected
    if fused { finish(&store, of: value) }
    let fresh = written.insert(value).inserted
    emit(forward: false, name, uses: uses + store.uses, by: convolution, over: output) {
      let run = build(store)
      return { pool in
        if fresh { for image in 0..<map.batch { map.zeroRing(image: image) } }
        run(pool)
      }
    }
    if isFinished(value), !fused { completeApart(value) }
  }

  /// Adds a part of a value's gradient by something that knows no stores.
  func contributeRaw(
    to value: Value, _ name: String, uses: [FeatureMap],
    _ build: @escaping (_ map: FeatureMap, _ adding: Bool) -> (ThreadPool) -> Void
  ) {
    let map = gradientMap(value)
    if let addend = pending.removeValue(forKey: value) {
      done[value, default: 0] -= 1
      copyGradient(addend, to: value)
    }
    let adding = written.contains(value)
    done[value, default: 0] += 1
    written.insert(value)
    emit(forward: false, name, uses: uses + [map]) {
      let run = build(map, adding)
      return { pool in
        if !adding { for image in 0..<map.batch { map.zeroRing(image: image) } }
        run(pool)
      }
    }
    if isFinished(value) { completeApart(value) }
  }

  /// Shows a complete gradient to whom it may concern, and passes it through its value's clamp.
  private func completeApart(_ value: Value) {
    let map = gradientMap(value)
    if let slot = observations[value] {
      let shape: Shape = [map.batch, map.channels, map.height, map.width]
      emit(forward: false, "observe", uses: [map]) {
        { pool in slot.gradient = map.tensor(shape, pool: pool) }
      }
    }
    if rule == .redirected {
      if let clamp = clamps[value], let activation = maps[value] {
        emit(forward: false, "redirect", uses: [map, activation]) {
          { [always = self.results.contains(value)] _ in
            map.redirect(where: activation, isOutside: clamp, always: always)
          }
        }
      }
      return
    }
    var store = Store(map)
    finish(&store, of: value)
    if store.clamp != nil || store.mask != nil {
      emit(forward: false, "mask", uses: store.uses) { Self.copy(map, to: store) }
    }
  }

  /// Passes a gradient on, as it is, to a value whose gradient it is a part of.
  func passOn(_ gradient: FeatureMap, to value: Value) {
    if canShareGradient(value) {
      gradients[value] = gradient
      done[value] = 1
      written.insert(value)
    } else if value != 0, pending[value] == nil, (done[value] ?? 0) + 1 < (expected[value] ?? 0) {
      // The parts that convolutions over a picture make of the input's gradient take nothing along.
      pending[value] = gradient
      done[value, default: 0] += 1
    } else {
      copyGradient(gradient, to: value)
    }
  }

  private func copyGradient(_ gradient: FeatureMap, to value: Value) {
    contribute(to: value, "add", uses: [gradient]) { Self.copy(gradient, to: $0) }
  }

  /// Makes the gradient of a part of a concatenation a view of the whole's.
  func shareGradient(of part: Value, with whole: FeatureMap, firstChannel: Int) -> Bool {
    guard let map = maps[part], expected[part] == 1, !observed.contains(part),
      !results.contains(part), gradients[part] == nil, part != 0,
      firstChannel.isMultiple(of: 16),
      map.channels.isMultiple(of: 16) || firstChannel + map.channels == whole.channels
    else { return false }
    gradients[part] = FeatureMap(of: whole, firstChannel: firstChannel, channels: map.channels)
    done[part] = 1
    written.insert(part)
    return true
  }

  /// Passes a shared part of a complete gradient through the clamp of its own value.
  func finishShared(_ part: Value) {
    completeApart(part)
  }

  /// A stage that stores one map in another.
  static func copy(_ source: FeatureMap, to store: Store) -> (ThreadPool) -> Void {
    { pool in
      source.forEachBlock(pool) { image, block in
        var epilogue = store.epilogue { $0.kernelMap(image: image, block: block) }
        kernel_copy(
          source.kernelMap(image: image, block: block),
          store.map.kernelMap(image: image, block: block), &epilogue, 1, Int32(source.height),
          Int32(source.width))
      }
    }
  }

  // MARK: The way back

  private func emitBackward() {
    for instruction in program.instructions {
      for value in instruction.reads { expected[value, default: 0] += 1 }
    }
    for value in results { expected[value, default: 0] += 1 }
    for instruction in program.instructions where instruction.isConcatenation {
      adoptClamp(of: instruction)
    }
    time += 1
    for (index, value) in results.enumerated() { emitSeed(value, index: index) }
    for instruction in program.instructions.reversed() {
      time += 1
      layer = instruction.layer
      emitBackward(instruction)
    }
    time += 1
    layer = ""
    input.emitBackward(self)
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

  /// The gradients handed in from outside, one slot a result.
  private(set) var seeds: [Int: TensorSlot] = [:]

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
}
