import Blocks
import CKernels
import Graphs
import Memory
package import Tensors

/// A tensor on its way through a plan, and the gradient that has come back to it so far.
package final class TensorSlot {
  private static let nothing = Tensor([0])
  var tensor = nothing
  var gradient: Tensor?
  /// Who takes the gradient, once it is complete, in place of its being kept.
  var receiver: ((Tensor) throws -> Void)?

  /// Lets go of the tensor.
  func letGoOfTensor() { tensor = Self.nothing }

  /// Lets go of what the way back has passed.
  ///
  /// - Parameter keepsGradient: Whether somebody wants to see the gradient.
  func release(keepingGradient keepsGradient: Bool) {
    letGoOfTensor()
    if !keepsGradient { gradient = nil }
  }

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
  /// What its factors are rounded to.
  let precision: Precision
  let run: (ThreadPool) throws -> Void

  /// The same with something that is done at its end.
  func followed(by end: @escaping () -> Void) -> Stage {
    Stage(
      name: name, layer: layer, multiplyAdds: multiplyAdds, bytes: bytes, precision: precision
    ) { pool in
      try run(pool)
      end()
    }
  }
}

/// Turns a program into stages: decides where every map lies, how long it stays, which store finishes
/// which gradient, and in what order all of it runs.
///
/// The first pass walks the program forwards and backwards and notes what is read when; then the arena
/// is laid out; then the stages are built, with addresses that stay.
package final class Compiler {
  var program: Program
  let results: [Value]
  /// The values whose gradients somebody wants to see.
  let observed: Set<Value>
  let rule: GradientRule
  let threads: Int
  let differentiable: Bool
  /// Whether large matrices of weights are packed at every use.
  let packsInUse: Bool
  /// What the factors of convolutions are rounded to.
  let precision: Precision
  /// Whether the way back ends where all that is observed has its gradient.
  let stopsAtObserved: Bool

  let arena = Arena()
  let scratch: Scratch
  var maps: [Value: FeatureMap] = [:]
  var slots: [Value: TensorSlot] = [:]
  var gradients: [Value: FeatureMap] = [:]
  /// Maps, by those that they hold the rounded values of.
  var rounded: [ObjectIdentifier: FeatureMap] = [:]
  var input: InputBinding

  /// What clamps were folded into the making of each value.
  var clamps: [Value: Clamp] = [:]
  /// The derivatives of the activation that was folded into the making of each value.
  var slopes: [Value: FeatureMap] = [:]
  /// How many parts of each value's gradient have been provided for, and how many there will be.
  var done: [Value: Int] = [:]
  var expected: [Value: Int] = [:]
  var written = Set<Value>()
  /// A gradient that is a part of a value's gradient as it is, until the next part takes it along.
  var pending: [Value: FeatureMap] = [:]
  /// Gradients that others read as theirs too, by what owns their memory: nothing may be done to them in place.
  var lent = Set<ObjectIdentifier>()
  /// The values that are read as they are, or but for their arrangement.
  var shown = Set<Value>()

  private(set) var forward: [() -> Stage] = []
  private(set) var backward: [() -> Stage] = []
  /// The pullbacks of what the tape computes.
  var records: [Value: TapeRecord] = [:]
  /// Which taps won, of each max pool.
  var winners: [Value: Winners] = [:]
  /// Copies of gradients that somebody wants to see.
  var observations: [Value: TensorSlot] = [:]
  /// The values among them that are rows as pixels, with the shapes of their tensors.
  var rowShapes: [Value: Shape] = [:]
  /// The gradients handed in from outside, one slot a result.
  var seeds: [Int: TensorSlot] = [:]
  var time = 0
  /// The layer whose stages are being added.
  var layer = ""

  package init(
    _ program: Program, input: InputBinding, results: [Value],
    observing observations: [Observation],
    rule: GradientRule, threads: Int, differentiable: Bool,
    packsInUse: Bool = false, precision: Precision = .float32, stopsAtObserved: Bool = false,
    beside others: Int = 0
  ) throws {
    self.program = program
    self.input = input
    self.results = results
    observed = Set(observations.map(\.value))
    self.rule = rule
    self.threads = threads
    scratch = Scratch(threads: threads)
    (self.differentiable, self.packsInUse) = (differentiable, packsInUse)
    self.precision = precision
    self.stopsAtObserved = stopsAtObserved
    try makeMaps()
    for value in observed where maps[value] != nil { self.observations[value] = TensorSlot() }
    for rows in observations where rows.isRows { rowShapes[rows.value] = rows.shape }
    shareConcatenations()
    let left = tensorsReadLast()
    for (index, instruction) in self.program.instructions.enumerated() {
      time = index + 1
      layer = instruction.layer
      if let clamp = instruction.clamp { clamps[instruction.output] = clamp }
      emitForward(instruction)
      letGo(of: left[index] ?? [])
    }
    time += 1
    for value in results { if let map = maps[value] { arena.use(map, at: time) } }
    if differentiable { emitBackward() }
    input.reserve(in: arena, until: time)
    try arena.layOut(beside: others)
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
        &program, keeping: Set(results).union(observed), isObserved: observed.contains(0), map: map)
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
  ///   - multiplyAdds: What the definition takes, where it is no convolution.
  ///   - build: Makes what runs, once the arena is laid out; on any thread.
  func emit(
    forward isForward: Bool, _ name: String, uses: [FeatureMap], by convolution: Convolution? = nil,
    over output: FeatureMap? = nil, multiplyAdds: Int = 0,
    _ build: @escaping () -> (ThreadPool) throws -> Void
  ) {
    for map in uses { arena.use(map, at: time) }
    let layer = layer
    let work = output.map { convolution?.multiplyAdds(output: $0) ?? 0 } ?? multiplyAdds
    let isRounded = convolution != nil && uses.contains { $0.channelsPerLane == 2 }
    let scalars =
      uses.reduce((convolution?.weights.count ?? 0) / (isRounded ? 2 : 1)) {
        $0 + $1.batch * $1.channels * $1.height * $1.width / $1.channelsPerLane
      }
    let stage = {
      Stage(
        name: name, layer: layer, multiplyAdds: work,
        bytes: scalars * MemoryLayout<Float>.stride,
        precision: isRounded ? .bfloat16 : .float32, run: build())
    }
    if isForward { forward.append(stage) } else { backward.append(stage) }
  }

  /// Lets go of tensors with the end of the stage forwards that was added last.
  private func letGo(of slots: [TensorSlot]) {
    guard !slots.isEmpty, let last = forward.popLast() else { return }
    forward.append {
      last().followed { for slot in slots { slot.letGoOfTensor() } }
    }
  }

  /// Hands out what makes the stages, and forgets it and the program: they hold weights that the stages have
  /// packed.
  func takeBuilders() -> (forward: [(() -> Stage)?], backward: [(() -> Stage)?]) {
    defer { (program, forward, backward) = (Program(), [], []) }
    return (forward, backward)
  }
}
