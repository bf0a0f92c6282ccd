import Blocks
import Graphs
import Memory
public import Plans
public import Tensors

extension Network {
  /// What a plan is fed with.
  public enum Feed: Sendable {
    /// A picture, RGB in 0…1, which the plan brings into the network's order and range; `nil`: those of
    /// the network's `preparation`.
    case picture(Preprocessing? = nil)
    /// The network's own input, in the order and range that the file takes.
    case raw
  }

  /// Compiles what the readings need for one input shape.
  ///
  /// - Parameters:
  ///   - inputShape: N×C×H×W; any extents that the graph allows.
  ///   - readings: What `forward` yields and `backward` takes gradients of.
  ///   - feed: What goes in.
  ///   - rule: How gradients pass rectifiers.
  ///   - observing: Layers whose gradients are wanted after `backward`.
  ///   - differentiable: Whether `backward` will be called; without, less memory is needed.
  ///   - packsInUse: Whether large matrices of weights are packed at every use, and not once for each way: a little
  ///     slower, in less memory, with the same results.
  ///   - stopsAtObserved: Whether the way back ends where all layers that are observed have their gradients; what
  ///     `backward` returns is zeros then.
  ///   - runsOnce: Whether one pass forwards is all that the plan is for: it never holds the packed weights of more
  ///     than one operation.
  ///   - threads: How many threads share the work.
  /// - Returns: The plan.
  /// - Throws: `NetworkError`, naming everything that cannot be run.
  /// - Precondition: What runs once is not `differentiable`.
  public func plan(
    inputShape: Shape, readings: [Reading], feed: Feed = .picture(), rule: GradientRule = .standard,
    observing: [Reading.Source] = [], differentiable: Bool = true, packsInUse: Bool = false,
    stopsAtObserved: Bool = false, runsOnce: Bool = false, threads: Int = processorCount
  ) throws -> Plan {
    precondition(!runsOnce || !differentiable, "Network: a plan that runs once has no way back")
    return try limiting(inputShape) {
      try compiled(
        inputShape: inputShape, readings: readings, feed: feed, rule: rule, observing: observing,
        differentiable: differentiable, packsInUse: packsInUse, stopsAtObserved: stopsAtObserved,
        runsOnce: runsOnce, threads: threads)
    }
  }

  /// Scalars that a plan's tensors take beside its maps for each picture, about: what runs on the tape, such as
  /// attention, and its gradient.
  ///
  /// - Parameters:
  ///   - pictureShape: 1×C×H×W.
  ///   - readings: What the plan is for.
  ///   - rule: How its gradients pass rectifiers.
  /// - Returns: 0 where all that grows with the pictures is in maps.
  /// - Throws: `NetworkError`, also where the graph takes no two pictures.
  package func tensorScalars(
    _ pictureShape: Shape, readings: [Reading], rule: GradientRule
  ) throws -> Int {
    let values = try readings.map { try value(of: $0.source) }
    func scalars(_ count: Int) throws -> Int {
      let shape = Shape([count] + pictureShape.dimensions.dropFirst())
      return try limiting(shape) {
        try lowered(for: values, inputShape: shape, rule: rule, copies: 2).account.scalars
      }
    }
    // Constants do not grow.
    return try scalars(2) - scalars(1)
  }

  private func compiled(
    inputShape: Shape, readings: [Reading], feed: Feed, rule: GradientRule,
    observing: [Reading.Source], differentiable: Bool, packsInUse: Bool, stopsAtObserved: Bool,
    runsOnce: Bool, threads: Int
  ) throws -> Plan {
    let values = try readings.map { try value(of: $0.source) }
    let named = try observing.map { try value(of: $0) }
    let watched = named.map { graph.turned[$0] ?? $0 }
    var lowering = try lowered(
      for: values + watched, inputShape: inputShape, rule: differentiable ? rule : .standard,
      watching: Set(watched), copies: differentiable ? 2 : 1)
    var observed = try lowering.observe(watched)
    for i in observed.indices where watched[i] != named[i] { observed[i].order = [0, 2, 3, 1] }
    var results: [Value] = []
    var shapes: [Shape] = []
    let layouts = layouts(in: lowering.shapes)
    for (reading, name) in zip(readings, values) {
      let (value, shape) = try lowering.result(reading, name, layout: layouts[name])
      try checkBatch(reading, shape, inputShape)
      results.append(value)
      shapes.append(shape)
    }
    var program = lowering.program
    let kept = Set(results + observed.map(\.value))
    program.prune(to: kept)
    // First, so that attention sees which rows are one and the same.
    program.moveRowsInBlocks(keeping: kept)
    program.fuseAttention(keeping: kept)
    program.fuse(keeping: kept)
    // What is observed is wanted whole.
    let area = observed.isEmpty && inputShape.rank == 4 ? program.crop(keeping: kept) : nil
    program.nestConcatenations(observing: Set(observed.map(\.value)))
    let binding = InputBinding(
      shape: inputShape, area: area, channels: channelMap(of: feed, inputShape: inputShape))
    let compiler = try Compiler(
      program, input: binding, results: results, observing: observed, rule: rule,
      threads: threads, differentiable: differentiable, packsInUse: packsInUse,
      precision: precision, stopsAtObserved: stopsAtObserved,
      beside: lowering.account.scalars + Self.scalars(fed: inputShape, differentiable))
    return Plan(compiler, outputShapes: shapes, observed: observed, runsOnce: runsOnce)
  }

  private func lowered(
    for values: [String], inputShape: Shape, rule: GradientRule = .standard,
    watching watched: Set<String> = [], copies: Int
  ) throws -> Lowering {
    try check(inputShape)
    let nodes = graph.needed(for: values)
    try requireInputs(of: nodes)
    var lowering = Lowering(
      graph, input: input.name, shape: inputShape, rule: rule, watching: watched, copies: copies)
    for layer in layers { lowering.layers[layer.value] = layer.name }
    let unsupported = try lower(nodes, by: &lowering, inputShape)
    guard unsupported.isEmpty else { throw NetworkError.unsupported(unsupported) }
    return lowering
  }

  /// Lowers nodes, and leaves out those that cannot be run here, with all that needs them.
  ///
  /// - Returns: What cannot be run, without what stands in branches that are not taken.
  /// - Throws: `NetworkError` where the input, or what becomes of it, does not fit a node.
  private func lower(
    _ nodes: [Node], by lowering: inout Lowering, _ inputShape: Shape
  ) throws -> [String] {
    var unsupported: [String] = []
    var missing = Set<String>()
    for node in nodes where !lowering.isSkipped(node) {
      guard node.isSupported else {
        unsupported += node.unsupported.map(\.title)
        missing.formUnion(node.outputs)
        continue
      }
      if !missing.isDisjoint(with: node.reads), !lowering.canLower(node) {
        missing.formUnion(node.outputs)
        continue
      }
      do {
        try lowering.lower(node)
      } catch NetworkError.invalidNode(let title, let reason) {
        throw misfit(node, title: title, reason: reason, inputShape: inputShape)
      }
    }
    return unsupported
  }

  /// Refuses more pictures than come out again: what a file writes out for one may leave out the others.
  ///
  /// Values of the graph may have any shape; layers and logits have a part for each picture.
  private func checkBatch(_ reading: Reading, _ shape: Shape, _ inputShape: Shape) throws {
    guard let declared = otherBatch(than: inputShape), shape.dimensions.first == declared else {
      return
    }
    if case .value = reading.source { return }
    throw NetworkError.batch(
      inputShape[0], declared: declared, reason: "\(reading.title) comes out as \(shape)")
  }

  /// Refuses a shape that cannot be fed, before any work.
  func check(_ shape: Shape) throws {
    let declared = input.dimensions
    guard declared.isEmpty || declared.count == shape.rank else {
      throw NetworkError.inputShape(shape, reason: "it has \(declared.count) axes")
    }
    guard shape.dimensions.allSatisfy({ $0 > 0 }) else {
      throw NetworkError.inputShape(shape, reason: "an extent is 0")
    }
    guard MemoryLimit.allows(shape.dimensions) else {
      throw NetworkError.noRoomForInput(shape, most: MemoryLimit.largestTensor)
    }
    if shape.rank == 4, let channels = declared[checked: 1] ?? nil, channels != shape[1] {
      throw NetworkError.inputShape(shape, reason: "it takes \(channels) channels")
    }
  }
}
