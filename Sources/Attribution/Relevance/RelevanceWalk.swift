import Networks
import Tensors

/// A graph read backwards: what every node does with the relevance of its outputs.
struct RelevanceWalk {
  private let graph: Graph
  private let input: String
  private let target: String
  private let steps: [(node: Node, data: [String], step: RelevanceStep)]

  /// Finds a step for every node between the input and the target.
  ///
  /// - Throws: `AttributionError.noRelevanceRule` naming every node without one.
  init(
    _ original: Graph, input: String, inputShape: Shape, target: String,
    composite: LayerwiseRelevance.Composite
  ) throws {
    let network = Network(graph: original)
    let shapes = try network.shapes(inputShape: inputShape)
    let graph = original.mergingAffine(keeping: [target], shapes: shapes)
    var dependent: Set = [input]
    var steps: [(Node, [String], RelevanceStep)] = []
    var missing: [String] = []
    var isFirst = true
    for node in graph.needed(for: [target]) where node.type != "Shape" {
      var seen = Set<String>()
      let data = node.inputs.filter { dependent.contains($0) && seen.insert($0).inserted }
      guard !data.isEmpty else { continue }
      dependent.formUnion(node.outputs)
      if let step = RelevanceStep(node, data: data, in: graph, composite, isFirst: isFirst) {
        steps.append((node, data, step))
      } else {
        missing.append(node.title)
      }
      if node.type.hasPrefix("Conv") { isFirst = false }
    }
    guard missing.isEmpty else { throw AttributionError.noRelevanceRule(missing) }
    self.graph = graph
    self.input = input
    self.target = target
    self.steps = steps
  }

  /// Everything that the steps read.
  ///
  /// - Parameters:
  ///   - x: The network's input.
  ///   - threads: How many threads share the work.
  /// - Returns: The values of the graph by name.
  /// - Throws: `NetworkError` where a node cannot be run.
  func activations(at x: Tensor, threads: Int) throws -> [String: Tensor] {
    var names: [String] = []
    var seen: Set = [input]
    for (node, data, _) in steps {
      // A node's further outputs count only where somebody reads them.
      for name in data + node.outputs.prefix(1) where seen.insert(name).inserted {
        names.append(name)
      }
    }
    var values = [input: x]
    guard !names.isEmpty else { return values }
    let plan = try Network(graph: graph).plan(
      inputShape: x.shape, readings: names.map { Reading($0) }, differentiable: false,
      threads: threads)
    for (name, value) in zip(names, try plan.forward(x)) { values[name] = value }
    return values
  }

  /// Carries relevance from the target down to the input.
  ///
  /// - Parameters:
  ///   - start: The relevance of the target's layer.
  ///   - activations: What `activations` returned.
  ///   - threads: How many threads share the work.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The relevance of the input.
  /// - Throws: `NetworkError` or `AttributionError` where a node's shapes fit no rule.
  func run(
    _ start: Tensor, _ activations: [String: Tensor], threads: Int, _ progress: (Double) -> Void
  ) throws -> Tensor {
    var relevance = [target: start]
    for (done, (node, data, step)) in steps.reversed().enumerated() {
      for output in node.outputs {
        guard let arriving = relevance.removeValue(forKey: output) else { continue }
        let call = RelevanceCall(
          node: node, data: data, output: output, graph: graph, activations: activations,
          threads: threads)
        for (name, part) in try call.run(step, arriving) {
          relevance[name] = relevance[name].map { $0 + part } ?? part
        }
      }
      progress(Double(done + 1) / Double(steps.count))
    }
    return relevance[input] ?? Tensor(activations[input]?.shape ?? start.shape)
  }
}
