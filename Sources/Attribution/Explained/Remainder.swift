import Autodiff
import Networks
import Objectives
import Tensors

/// The objective as a function of one layer's output, for one picture: the rest of the network.
///
/// What reaches the objective past the layer is held as it is at the picture.
struct Remainder {
  /// The layer's output at the picture, as the graph has it.
  let activation: Tensor
  /// The values of the graph that the objective reads and that follow from the layer.
  private let results: [String]
  /// Those that do not, and what else comes from past the layer.
  private let held: [String: Constant]
  /// The nodes that follow from the layer, in order.
  private let nodes: [Node]
  private let constants: [String: Constant]
  private let input: String
  private let picture: Tensor
  private let arrangements: [Arrangement]
  private let objective: Objective
  private let threads: Int
  private let precision: Precision

  /// A reading, the value that holds it and how that is laid out.
  private struct Arrangement {
    let reading: Reading
    let value: String
    let layout: LayerLayout?
  }

  /// Cuts the network after a layer.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - explained: What is explained.
  ///   - picture: 1×C×H×W.
  /// - Throws: `NetworkError`; `AttributionError.unconnected` where the objective does not follow from the
  ///   layer.
  init(after layer: Reading.Source, of explained: Explained, at picture: Tensor) throws {
    let network = explained.network
    try explained.checkChannels()
    let input = try network.value(of: layer)
    let layouts = try explained.layouts()
    let arrangements = try explained.objective.readings.map { reading in
      let value = try network.value(of: reading.source)
      return Arrangement(reading: reading, value: value, layout: layouts[value])
    }
    let known = try network.knownValues(inputShape: picture.shape)
    var after: Set = [input]
    nodes = network.graph.needed(for: arrangements.map(\.value)).filter { node in
      guard !node.outputs.contains(input), node.inputs.contains(where: after.contains) else {
        return false
      }
      after.formUnion(node.outputs)
      return true
    }
    results = arrangements.map(\.value).filter(after.contains)
    guard !results.isEmpty else { throw AttributionError.unconnected(layer: layer.title) }
    let others = (nodes.flatMap(\.inputs) + arrangements.map(\.value)).filter {
      !$0.isEmpty && !after.contains($0) && known[$0] == nil
    }
    let names = [input] + Set(others).sorted().filter { $0 != network.input.name }
    let values = try explained.plans.sharingThreads {
      try network.plan(
        inputShape: picture.shape, readings: names.map { Reading(.value($0)) },
        feed: explained.feed,
        differentiable: false, threads: explained.threads
      ).forward(picture)
    }
    activation = values[0]
    var held = Dictionary(
      uniqueKeysWithValues: zip(names, values).dropFirst().map { ($0, Constant($1)) })
    if others.contains(network.input.name) {
      held[network.input.name] = Constant(network.received(picture, as: explained.feed))
    }
    (self.held, constants) = (held, known)
    (self.input, self.picture, self.arrangements) = (input, picture, arrangements)
    (objective, threads) = (explained.objective, explained.threads)
    precision = network.precision
  }

  // MARK: Values

  /// The objective for many outputs of the layer, which are made one by one and run in batches.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - batch: How many run at a time, where the graph takes so many.
  ///   - progress: Called with the fraction done, 0…1.
  ///   - make: Makes one by its number, of the shape of `activation`.
  /// - Returns: A number each.
  /// - Throws: `NetworkError`, and what `make` and the objective throw.
  func values(
    of count: Int, batch: Int = 16, progress: (Double) -> Void = { _ in },
    _ make: (Int) throws -> Tensor
  ) throws -> [Float] {
    let (size, plan) = try plan(batch: Swift.min(batch, Swift.max(count, 1)))
    var values: [Float] = []
    while values.count < count {
      try Task.checkCancellation()
      let part = values.count..<Swift.min(values.count + size, count)
      let made = try part.map(make)
      let filled = made + [Tensor](repeating: made[0], count: size - made.count)
      let outputs = try plan.forward(Tensor.concatenate(filled))
      for index in made.indices {
        let own = outputs.map { size == 1 ? $0 : $0.gathered([index], alongAxis: 0) }
        let variables = Dictionary(zip(results, own.map { Variable($0) })) { first, _ in first }
        values.append(try value(variables, input: Variable(made[index])).value.scalar)
      }
      progress(Double(values.count) / Double(count))
    }
    return values
  }

  /// A plan for so many outputs of the layer, or for one where the graph takes no more.
  private func plan(batch: Int) throws -> (size: Int, plan: Plan) {
    let graph = Graph(
      inputs: [.init(name: input, dimensions: [])], outputs: results, nodes: nodes,
      constants: constants.merging(held) { $1 }.filter { $0.key != input })
    let network = Network(graph: graph).computing(in: precision)
    func plan(_ size: Int) throws -> Plan {
      try network.plan(
        inputShape: Shape([size] + activation.shape.dimensions.dropFirst()),
        readings: results.map { Reading(.value($0)) }, feed: .raw, differentiable: false,
        threads: threads)
    }
    // What is held has one picture, which other numbers of pictures need not fit.
    if batch > 1, let many = try? plan(batch),
      many.outputShapes.allSatisfy({ $0.dimensions.first == batch })
    {
      return (batch, many)
    }
    return (1, try plan(1))
  }

  // MARK: Derivatives

  /// The gradient by the layer's output at the picture and its change along a direction, `∇f(A)` and
  /// `∇²f(A) d`.
  ///
  /// By differentiating twice, where all operations on the way can be; else from gradients at four places up to
  /// 4 % of the direction away, with an error of the fourth order.
  func gradientAndCurvature(
    along direction: Tensor
  ) throws -> (gradient: Tensor, curvature: Tensor) {
    var operations = Set<String>()
    let here = try slope(at: activation) { operations = $0.operationsBefore }
    if operations.contains(where: Self.isDifferentiatedOnce) {
      let step: Float = 0.02
      func slope(_ place: Float) throws -> Tensor {
        try self.slope(at: activation + direction * (place * step))
      }
      let near = try slope(1) - slope(-1)
      let far = try slope(2) - slope(-2)
      return (here, (near * 8 - far) / (12 * step))
    }
    let (gradient, product) = try gradientWithHessianVectorProduct(
      at: activation, along: direction
    ) { try value(run($0), input: $0) }
    return (gradient, product)
  }

  /// Whether the derivative of an operation of the tape is not recorded, by the operation's name.
  private static func isDifferentiatedOnce(_ name: String) -> Bool {
    ["pointwise", "rows"].contains(name) || name.hasPrefix("activation ")
  }

  /// The gradient at an output of the layer; the objective's record is looked at on the way.
  private func slope(
    at x: Tensor, _ look: (Variable) -> Void = { _ in }
  ) throws -> Tensor {
    try Autodiff.gradient(at: x) { (x: Variable) in
      let result = try value(run(x), input: x)
      look(result)
      return result
    }
  }

  /// What follows from the layer's output, on the tape.
  private func run(_ x: Variable) throws -> [String: Variable] {
    var values = [input: x]
    let constants = constants.merging(held) { $1 }.filter { $0.key != input }
    for node in nodes {
      guard let runs = Operator.table[node.type]?.run else {
        throw NetworkError.unsupported([node.title])
      }
      let call = TapeCall(node: node, constants: constants)
      let variables = try call.variableNames.map { name in
        guard let value = values[name] else { throw NetworkError.missingValue(name) }
        return value
      }
      for (index, output) in node.outputs.enumerated() where !output.isEmpty {
        values[output] = try runs(call.with(variables).with(output: index))
      }
    }
    return values
  }

  /// The objective of what follows from the layer.
  private func value(_ values: [String: Variable], input x: Variable) throws -> Variable {
    var activations: [Reading: Variable] = [:]
    for arrangement in arrangements {
      let name = arrangement.value
      guard
        let stored = name == input
          ? x
          : values[name] ?? held[name].map({ Variable($0.tensor) })
            ?? constants[name].map({ Variable($0.tensor) })
      else { throw NetworkError.missingValue(name) }
      activations[arrangement.reading] = try stored.arranged(
        arrangement.reading, arrangement.layout)
    }
    let picture = Variable(picture)
    return try objective.value(
      Evaluation(picture: picture, input: picture, activations: activations))
  }
}

extension Variable {
  /// The names of all operations that it was made by.
  fileprivate var operationsBefore: Set<String> {
    var seen = Set<ObjectIdentifier>()
    var (names, pending) = (Set<String>(), [self])
    while let variable = pending.popLast() {
      guard seen.insert(ObjectIdentifier(variable)).inserted else { continue }
      names.insert(variable.operation)
      pending += variable.inputs
    }
    return names
  }

  /// What a reading hands out of a value, as a plan does.
  fileprivate func arranged(_ reading: Reading, _ layout: LayerLayout?) throws -> Variable {
    let whole = allArranged(reading, layout)
    guard let (row, column) = try reading.position(in: whole.shape) else { return whole }
    return whole.sliced(row..<row + 1, alongAxis: 2).sliced(column..<column + 1, alongAxis: 3)
  }

  private func allArranged(_ reading: Reading, _ layout: LayerLayout?) -> Variable {
    if let layout, layout.form == .list, !reading.isRaw {
      let batched = reshaped(to: [shape.count / max(1, layout.channels), layout.channels])
      return reading.channels.map { batched.gathered($0, alongAxis: 1) } ?? batched
    }
    guard let layout, layout.form != .channelsFirst, reading.arrangement != .stored else {
      let x = reading.channels.map { gathered($0, alongAxis: 1) } ?? self
      guard let grid = layout?.grid, reading.isOfGrid, shape.rank != 4 else { return x }
      return x.reshaped(to: [x.shape[0], x.shape[1], grid.height, grid.width])
    }
    var x = self
    if layout.form == .tokens, layout.grid != nil {
      switch reading.arrangement {
      case .classToken: x = x.sliced(0..<1, alongAxis: 1)
      case .grid, .position: x = x.sliced(layout.tokensWithPlaces, alongAxis: 1)
      case .stored, .channelsFirst: break
      }
    }
    if let channels = reading.channels { x = x.gathered(channels, alongAxis: x.shape.rank - 1) }
    x = x.transposed(x.shape.rank == 4 ? [0, 3, 1, 2] : [0, 2, 1])
    switch (reading.arrangement, layout.grid) {
    case (.classToken, _): return x.reshaped(to: [x.shape[0], x.shape[1]])
    case (.grid, let grid?), (.position, let grid?):
      return x.reshaped(to: [x.shape[0], x.shape[1], grid.height, grid.width])
    default: return x
    }
  }
}
