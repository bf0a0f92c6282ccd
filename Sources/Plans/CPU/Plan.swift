import Blocks
public import Tensors

/// A network, or the part of it that some readings need, compiled for one input shape: forwards, and
/// backwards to the input.
///
/// A plan owns its memory and allocates nothing but results while it runs. It belongs to one task;
/// the network that it was made of can be shared.
public final class Plan {
  /// The shape of what is fed in.
  public let inputShape: Shape
  /// The shapes of what the readings yield, in order.
  public let outputShapes: [Shape]

  private let compiler: Compiler
  private let results: [Value]
  private let observed: [Observation]
  private let forwardStages: [Stage]
  private let backwardStages: [Stage]
  /// What makes the stages of a plan that runs once, and how they compute convolutions.
  private var unmade: [(() -> Stage)?] = []
  private let method = ConvolutionMethod.chosen
  private let pool: ThreadPool
  private let ownsPool: Bool

  /// Why the gradient of the last call on the tape is not a number, where a gradient rule threw.
  public internal(set) var failure: (any Error)?

  /// What was fed last.
  private var lastInput: Tensor?
  /// Whether the maps hold what the way there has left, for the way back to use.
  private var isFresh = false
  /// The number of the pass that was run last, and how many there were.
  private(set) var pass = 0
  private var passes = 0

  /// Creates a plan.
  ///
  /// Wherever `runsOnce` says that one pass forwards is all that is asked of it, each stage is made when its turn
  /// comes and let go of when that has run, so that never two of them hold their packed weights.
  package init(
    _ compiler: Compiler, outputShapes: [Shape], observed: [Observation], runsOnce: Bool = false
  ) {
    self.compiler = compiler
    inputShape = compiler.input.shape
    self.outputShapes = outputShapes
    results = compiler.results
    self.observed = observed
    if let shared = ThreadPool.current, shared.threads == compiler.threads {
      (pool, ownsPool) = (shared, false)
    } else {
      (pool, ownsPool) = (ThreadPool(threads: compiler.threads), true)
    }
    var builders = compiler.takeBuilders()
    if runsOnce { (unmade, builders.forward) = (builders.forward, []) }
    forwardStages = Self.build(&builders.forward, pool)
    backwardStages = Self.build(&builders.backward, pool)
  }

  /// Packs weights and prepares all calls of the kernels, a stage a thread; each builder is let go with the
  /// weights that it holds.
  private static func build(_ builders: inout [(() -> Stage)?], _ pool: ThreadPool) -> [Stage] {
    var stages = [Stage?](repeating: nil, count: builders.count)
    // The pool's threads do not inherit what holds for this task.
    let method = ConvolutionMethod.chosen
    stages.withUnsafeMutableBufferPointer { stages in
      builders.withUnsafeMutableBufferPointer { builders in
        pool.run(stages.count) { i in
          ConvolutionMethod.$chosen.withValue(method) { stages[i] = builders[i]?() }
          builders[i] = nil
        }
      }
    }
    return stages.compactMap { $0 }
  }

  deinit {
    if ownsPool { pool.stop() }
  }

  /// Bytes of the memory for all activations and gradients.
  public var arenaBytes: Int { compiler.arena.count * MemoryLayout<Float>.stride }

  /// Scalars of the tensors that are held beside the maps.
  package var scalarsHeld: Int { compiler.slots.values.reduce(0) { $0 + $1.tensor.count } }

  /// Runs the network.
  ///
  /// - Parameter input: The shape `inputShape`.
  /// - Returns: One tensor a reading: N×C×H×W, or the shape that the graph gives it.
  /// - Throws: `NetworkError` where an operator cannot take the values that reach it.
  public func forward(_ input: Tensor) throws -> [Tensor] {
    precondition(
      input.shape == inputShape, "Plan: an input of \(input.shape) for a plan of \(inputShape)")
    passes += 1
    try run(pass: passes, at: input)
    return zip(results, outputShapes).map { value, shape in
      if let map = compiler.maps[value] { return map.tensor(shape, pool: pool) }
      let tensor = value == 0 ? compiler.input.tensor : compiler.slots[value]?.tensor
      return (tensor ?? Tensor(shape)).reshaped(shape)
    }
  }

  /// Carries gradients with respect to the results of the last `forward` back to its input.
  ///
  /// The way back overwrites what the way there has left: to go back once more costs a forward pass.
  ///
  /// - Parameter gradients: One a reading, of its shape; `nil` stands for zeros.
  /// - Returns: The gradient with respect to the input, of `inputShape`.
  /// - Throws: What the gradient rule's replacements throw; `NetworkError` where their results do not fit.
  public func backward(_ gradients: [Tensor?]) throws -> Tensor {
    precondition(
      gradients.count == results.count,
      "Plan: \(gradients.count) gradients for \(results.count) readings")
    precondition(
      compiler.differentiable, "Plan: made with differentiable: false, without a way back")
    guard let input = lastInput else { preconditionFailure("Plan: backward before forward") }
    if !isFresh { try run(pass: pass, at: input) }
    isFresh = false
    for slot in compiler.slots.values { slot.gradient = nil }
    for slot in compiler.observations.values { slot.gradient = nil }
    for (index, gradient) in gradients.enumerated() {
      compiler.seeds[index]?.gradient = gradient
    }
    try run(backwardStages)
    return compiler.input.gradient
  }

  /// The same, with the gradients of layers that the plan was asked to observe handed on.
  ///
  /// Those of feature maps are handed on one by one, each as soon as it is complete, instead of being kept; those
  /// of layers that are computed as tensors are kept as ever, and handed on at the end.
  ///
  /// - Parameters:
  ///   - gradients: One a reading, of its shape; `nil` stands for zeros.
  ///   - use: Takes the place of a layer among those observed and its gradient, as `observedGradient` has it:
  ///     first the feature maps, the last layers first, then the tensors in the order observed. Not called for a layer that no reading depends on.
  /// - Throws: As `backward(_:)`, and what `use` throws.
  package func backward(
    _ gradients: [Tensor?], handing use: (_ index: Int, _ gradient: Tensor) throws -> Void
  ) throws {
    try withoutActuallyEscaping(use) { use in
      let places = Dictionary(grouping: observed.indices) { observed[$0].value }
      for (value, slot) in compiler.observations {
        slot.receiver = { [self] gradient in
          for index in places[value] ?? [] { try use(index, shaped(gradient, index)) }
        }
      }
      defer { for slot in compiler.observations.values { slot.receiver = nil } }
      _ = try backward(gradients)
      for index in observed.indices where compiler.observations[observed[index].value] == nil {
        if let gradient = observedGradient(index) { try use(index, gradient) }
      }
    }
  }

  /// Makes a pass, for the first time or again, the one that `backward` goes back from.
  private func run(pass: Int, at input: Tensor) throws {
    (self.pass, lastInput, isFresh) = (pass, input, false)
    compiler.input.feed(input, pool: pool)
    if unmade.isEmpty { try run(forwardStages) } else { try runUnmade() }
    isFresh = true
  }

  /// Makes each stage, runs it and lets go of it.
  private func runUnmade() throws {
    precondition(passes == 1, "Plan: made to run once")
    for index in unmade.indices {
      let stage = ConvolutionMethod.$chosen.withValue(method) { unmade[index]?() }
      unmade[index] = nil
      try run(stage.map { [$0] } ?? [])
    }
  }

  /// Returns to a pass where another has been run since.
  func resume(_ pass: Int, at input: Tensor) throws {
    if pass != self.pass { try run(pass: pass, at: input) }
  }

  /// Runs stages; what the tape computes shares the plan's threads too.
  private func run(_ stages: [Stage]) throws {
    try ThreadPool.$current.withValue(pool) {
      for stage in stages { try stage.run(pool) }
    }
  }

  /// The gradient of the last `backward` with respect to a layer that the plan was asked to observe.
  ///
  /// - Parameter index: The layer's place among those observed.
  /// - Returns: The gradient, of the shape that the graph gives the layer; `nil` before the first `backward`,
  ///   where no reading depends on the layer, and where the gradient was handed on.
  public func observedGradient(_ index: Int) -> Tensor? {
    let observation = observed[index]
    let gradient =
      compiler.observations[observation.value]?.gradient
      ?? compiler.slots[observation.value]?.gradient
    return gradient.map { shaped($0, index) }
  }

  /// A gradient as the graph has the layer.
  private func shaped(_ gradient: Tensor, _ index: Int) -> Tensor {
    let shaped = gradient.reshaped(observed[index].shape)
    return observed[index].order.map { shaped.transposed($0) } ?? shaped
  }

  /// What one stage of a plan took.
  public struct StageTime: Sendable {
    /// What is computed: `conv 3×3 64→192`.
    public var name: String
    /// The layer whose it is; empty for what belongs to none.
    public var layer: String
    /// The seconds that it took.
    public var seconds: Double
    /// The multiply-adds of the definition, whatever the method; 0 for all but convolutions and fully
    /// connected layers.
    public var multiplyAdds: Int
    /// Bytes of the feature maps and weights that it reads and writes.
    public var bytes: Int
    /// What its factors are rounded to.
    public var precision: Precision
  }

  /// Runs both passes once more and times every stage.
  ///
  /// - Returns: The stages forwards and then backwards.
  /// - Throws: What `forward` and `backward` throw.
  public func profile(_ input: Tensor) throws -> [StageTime] {
    precondition(unmade.isEmpty, "Plan: made to run once")
    let clock = ContinuousClock()
    passes += 1
    (pass, lastInput, isFresh) = (passes, input, false)
    compiler.input.feed(input, pool: pool)
    return try (forwardStages + backwardStages).map { stage in
      let time = try clock.measure { try run([stage]) }
      return StageTime(
        name: stage.name, layer: stage.layer,
        seconds: Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18,
        multiplyAdds: stage.multiplyAdds, bytes: stage.bytes,
        precision: stage.precision)
    }
  }
}
