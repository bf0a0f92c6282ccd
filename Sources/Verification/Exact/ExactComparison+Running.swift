import Exactness
import Graphs
package import Networks
import ONNX
import Plans
package import Tensors

extension ExactComparison {
  /// Computes both and compares them.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - reference: The network whose graph is computed in Double; nil: the same.
  ///   - input: What the network's input receives, bit for bit in both.
  ///   - target: What the gradient is of.
  ///   - threads: How many threads share the work.
  ///   - progress: Told how many of how many steps are done.
  /// - Throws: `NetworkError`; `ExactnessError` with all nodes that are not known.
  package init(
    _ network: Network, reference: Network? = nil, input: Tensor, target: ExactTarget,
    threads: Int, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws {
    let named = Self.layers(of: network, for: target.value)
    let (graph, isAsInFile) = try Self.graph(
      of: reference ?? network, network.input.name, values: [target.value] + named.map(\.value))
    let pool = ThreadPool(threads: threads)
    defer { pool.stop() }
    self = try ThreadPool.$current.withValue(pool) {
      let values = try Self.values(named.map(\.value), of: network, at: input, threads: threads)
      let decisive = try Self.values(graph.decisive, of: network, at: input, threads: threads)
      let (own, computed) = try Self.gradient(of: target, network, at: input, threads: threads)
      var others = decisive.mapValues(\.scalars)
      others[network.input.name] = input.scalars
      let names = Dictionary(
        named.map { ($0.value, $0.name) }, uniquingKeysWith: { first, _ in first })
      var layers: [Layer] = []
      var (alone, areNumbers): (Layer?, Bool) = (nil, false)
      let total = 4 * graph.count
      var done = 0
      /// The exact gradient.
      func gradient(_ decisions: Decisions) throws -> [Double] {
        var result: Way?
        let way = try graph.run(
          input, decisions: decisions, progress: { progress(done + $0, total) }
        ) { name, value in
          if name == target.value {
            result = value.way
            if done == 0 {
              // As the plan has it that is made for it alone, in which operators are fused.
              alone = Layer("\(target.value), by itself", own.scalars, value.scalars)
              areNumbers = value.scalars.contains { !$0.isNaN }
            }
          }
          guard done == 0, let layer = names[name], let own = values[name] else { return }
          layers.append(Layer(layer, own.scalars, value.scalars))
        }
        done += graph.count
        let weights = target.weights.scalars.map(Double.init)
        let gradient =
          try result.map { value in
            guard value.count == weights.count else {
              throw NetworkError.invalidNode(target.value, reason: "its size differs in Double")
            }
            return Way.gradient([(value, weights)], to: way) { part, all in
              progress(done + graph.count * part / all, total)
            }
          } ?? input.scalars.map { _ in 0 }
        done += graph.count
        return gradient
      }
      let decisions = Decisions(others: others)
      let exact = try gradient(decisions)
      let error = Layer.error(computed, exact)
      var same = error
      if decisions.different > 0 {
        same = Layer.error(computed, try gradient(Decisions(others: others, follows: true)))
      }
      return ExactComparison(
        layers: layers + (alone.map { [$0] } ?? []), target: target,
        gradientError: error, gradientErrorOfSameChoices: same,
        decisions: decisions, isAsInFile: isAsInFile, areNumbers: areNumbers)
    }
  }

  /// The layers that a value needs, each value once.
  private static func layers(of network: Network, for value: String) -> [Network.Layer] {
    let made = Set(network.graph.needed(for: [value]).flatMap(\.outputs))
    var seen = Set<String>()
    return network.layers.filter { made.contains($0.value) && seen.insert($0.value).inserted }
  }

  /// The graph as the file has it where its input is the network's; else, or where it has operators that only
  /// their taking apart makes known, as it was read.
  private static func graph(
    of network: Network, _ input: String, values: [String]
  ) throws -> (ExactGraph, isAsInFile: Bool) {
    if network.form == .picture, !network.isChannelsLast, !network.path.isEmpty,
      let model = try? Model(contentsOf: network.path), var file = try? Graph(model)
    {
      for other in file.inputs where other.name != input {
        file.constants[other.name] = network.graph.constants[other.name]
      }
      let made = Set(file.nodes.flatMap(\.outputs))
      let known = values.filter(made.contains)
      if known.first == values.first, let graph = try? ExactGraph(file, input: input, values: known)
      {
        return (graph, true)
      }
    }
    return (try ExactGraph(network.graph, input: input, values: values), false)
  }

  /// Values of the graph as the network has them; those that it does not make are left out.
  private static func values(
    _ names: [String], of network: Network, at input: Tensor, threads: Int
  ) throws -> [String: Tensor] {
    let shapes = try network.shapes(inputShape: input.shape)
    let made = names.filter { network.makers[$0] != nil && shapes[$0] != nil }
    guard !made.isEmpty else { return [:] }
    let plan = try network.plan(
      inputShape: input.shape, readings: made.map { Reading(.value($0)) }, feed: .raw,
      differentiable: false, threads: threads)
    return Dictionary(uniqueKeysWithValues: zip(made, try plan.forward(input)))
  }

  /// The value that the target is of, and the network's own gradient, row by row.
  private static func gradient(
    of target: ExactTarget, _ network: Network, at input: Tensor, threads: Int
  ) throws -> (value: Tensor, gradient: [Float]) {
    let plan = try network.plan(
      inputShape: input.shape, readings: [Reading(.value(target.value))], feed: .raw,
      threads: threads)
    let value = try plan.forward(input)[0]
    return (value, try plan.backward([target.weights]).scalars)
  }
}

extension ExactComparison.Layer {
  init(_ name: String, _ computed: [Float], _ exact: [Double]) {
    self.name = name
    largest = exact.reduce(0) { max($0, abs($1)) }
    error = Self.error(computed, exact)
  }

  /// The largest difference over the largest exact number; infinite where one is a number and the other is none.
  static func error(_ computed: [Float], _ exact: [Double]) -> Double {
    guard computed.count == exact.count else { return .infinity }
    var (difference, largest) = (0.0, 0.0)
    for (own, exact) in zip(computed, exact) {
      if exact.isFinite { largest = max(largest, abs(exact)) }
      if Double(own) == exact || own.isNaN && exact.isNaN { continue }
      guard own.isFinite, exact.isFinite else { return .infinity }
      difference = max(difference, abs(Double(own) - exact))
    }
    return difference == 0 ? 0 : difference / largest
  }
}
