import Networks
import Objectives
import Tensors

/// A graph read backwards: what every node does with the relevance of its outputs.
///
/// It is made for pictures of one shape and keeps what it compiled for them.
final class RelevanceWalk {
  /// The values of the graph whose relevance is shared out.
  let targets: [String]
  private let graph: Graph
  private let input: String
  private let steps: [(node: Node, data: [String], step: RelevanceStep)]
  private let shapes: [String: Shape]
  private let threads: Int
  private let packsInUse: Bool
  private let precision: Precision
  private let functions = NodeFunctions()
  /// Bytes of the activations of a plan that is kept.
  private static let room = 8 << 20
  private var forward: (names: [String], plan: Plan)?

  /// Finds a step for every node between the input and what the objective reads.
  ///
  /// - Throws: `AttributionError.noRelevanceRule` naming every node without one.
  init(
    _ explained: Explained, inputShape: Shape, composite: LayerwiseRelevance.Composite
  ) throws {
    let network = explained.network
    var seen = Set<String>()
    targets = try explained.objective.readings.map { try network.value(of: $0.source) }
      .filter { seen.insert($0).inserted }
    guard !targets.isEmpty else {
      throw AttributionError.notShareable(explained.objective.name)
    }
    input = network.input.name
    (threads, packsInUse) = (explained.threads, explained.packsInUse)
    precision = explained.network.precision
    // The graph's input is turned already; its shapes are those of what is received.
    shapes =
      inputShape == explained.pictureShape
      ? try explained.shapes() : try network.shapes(inputShape: inputShape)
    // What follows from shapes, such as the sizes that a map is enlarged to, depends on no pixel.
    let known = try network.knownValues(inputShape: inputShape)
    graph = network.graph.holding(known).mergingAffine(keeping: Set(targets), shapes: shapes)
    steps = try Self.steps(graph, from: input, to: targets, composite)
  }

  private static func steps(
    _ graph: Graph, from input: String, to targets: [String],
    _ composite: LayerwiseRelevance.Composite
  ) throws -> [(node: Node, data: [String], step: RelevanceStep)] {
    var dependent: Set = [input]
    var steps: [(Node, [String], RelevanceStep)] = []
    var missing: [String] = []
    var sums = Set<Role.Weights>()
    for node in graph.needed(for: targets) where graph.role(of: node) != .constant {
      var seen = Set<String>()
      let data = node.inputs.filter { dependent.contains($0) && seen.insert($0).inserted }
      guard !data.isEmpty else { continue }
      dependent.formUnion(node.outputs)
      if let step = RelevanceStep(node, data: data, in: graph, composite, after: sums) {
        steps.append((node, data, step))
      } else {
        missing.append(node.title)
      }
      if case .linear(let weights) = graph.role(of: node) { sums.insert(weights) }
    }
    guard missing.isEmpty else { throw AttributionError.noRelevanceRule(missing) }
    return steps
  }

  /// Carries relevance from the targets down to the input.
  ///
  /// - Parameters:
  ///   - slopes: What the targets' activations are multiplied by for their relevance. The activations are those
  ///     that the way down divides by: others would differ from them by rounding.
  ///   - x: What the network's input receives.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The relevance of the input.
  /// - Throws: `NetworkError` or `AttributionError` where a node cannot be run or its shapes fit no rule.
  func run(
    _ slopes: [String: Tensor], at x: Tensor, _ progress: (Double) -> Void
  ) throws -> Tensor {
    var activations = try activations(at: x)
    var relevance: [String: Tensor] = [:]
    for (name, slope) in slopes {
      guard let activation = activations[name] else { throw NetworkError.missingValue(name) }
      relevance[name] = activation * slope
    }
    for (done, (node, data, step)) in steps.reversed().enumerated() {
      try Task.checkCancellation()
      for output in node.outputs {
        guard let arriving = relevance.removeValue(forKey: output) else { continue }
        let call = RelevanceCall(
          node: node, data: data, output: output, graph: graph, activations: activations,
          shapes: shapes, threads: threads, functions: functions)
        for (name, part) in try call.run(step, arriving) {
          relevance[name] = relevance[name].map { $0 + part } ?? part
        }
      }
      // Whoever reads it came before.
      for output in node.outputs { activations[output] = nil }
      progress(Double(done + 1) / Double(steps.count))
    }
    return relevance[input] ?? Tensor(x.shape)
  }

  /// Everything that the steps read, by its name in the graph.
  private func activations(at x: Tensor) throws -> [String: Tensor] {
    var values = [input: x]
    if let forward {
      for (name, value) in zip(forward.names, try forward.plan.forward(x)) { values[name] = value }
      return values
    }
    let parts = partsRead()
    for names in parts {
      let plan = try activationPlan(names, x.shape, once: parts.count > 1)
      for (name, value) in zip(names, try plan.forward(x)) { values[name] = value }
      // Weights and all activations, beside those that are read: a large one is made anew for each picture.
      if parts.count == 1, plan.arenaBytes <= Self.room { forward = (names, plan) }
    }
    return values
  }

  /// The values that the steps read but for the input, in parts of which each has room in a plan beside the others.
  private func partsRead() -> [[String]] {
    var seen: Set = [input]
    let read = steps.flatMap { $0.step.reads($0.node, data: $0.data) } + targets
    let names = read.filter { seen.insert($0).inserted }
    return ReadParts.of(names, shapes)
  }

  /// A plan for some of what the steps read.
  private func activationPlan(_ names: [String], _ shape: Shape, once: Bool) throws -> Plan {
    try Network(graph: graph).computing(in: precision).plan(
      inputShape: shape, readings: names.map { Reading(.value($0)) }, feed: .raw,
      differentiable: false, packsInUse: packsInUse, runsOnce: once, threads: threads)
  }
}

extension Graph {
  /// The same graph with values that are known before it runs in place of the nodes that make them.
  fileprivate func holding(_ known: [String: Constant]) -> Graph {
    var result = self
    result.nodes.removeAll { node in node.outputs.allSatisfy { $0.isEmpty || known[$0] != nil } }
    result.constants.merge(known) { own, _ in own }
    return result
  }
}
