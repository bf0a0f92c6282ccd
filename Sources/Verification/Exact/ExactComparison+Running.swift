import Exactness
import Graphs
package import Networks
import ONNX
package import Plans
package import Tensors

extension ExactComparison {
  /// Makes the plan that is judged.
  package typealias Planner = (_ readings: [Reading], _ differentiable: Bool) throws -> Plan

  /// Computes both and compares them.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - reference: The network whose graph is computed in Double; nil: the same.
  ///   - input: What the network's input receives, bit for bit in both.
  ///   - target: What the gradient is of.
  ///   - threads: How many threads share the work.
  ///   - planner: Makes the plans that are judged; nil: the network does.
  ///   - progress: Told how many of how many steps are done.
  /// - Throws: `NetworkError`; `MemoryError`; `ExactnessError` with all nodes that are not known.
  package init(
    _ network: Network, reference: Network? = nil, input: Tensor, target: ExactTarget,
    threads: Int, planner: Planner? = nil,
    progress: @escaping (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws {
    let plan =
      planner ?? { readings, differentiable in
        try network.plan(
          inputShape: input.shape, readings: readings, feed: .raw, differentiable: differentiable,
          threads: threads)
      }
    let oracle = reference ?? network
    let pool = ThreadPool(threads: threads)
    defer { pool.stop() }
    self = try ThreadPool.$current.withValue(pool) {
      let named = Self.layers(of: network, for: target.value)
      let names = [target.value] + named.map(\.value)
      func compared(_ graph: ExactGraph, isAsInFile: Bool) throws -> ExactComparison {
        let judged = try Judged(
          network, plan, layers: named, decisive: graph.decisive, target, at: input,
          isTogether: graph.choosesAmongMany)
        return try ExactRunning(graph, judged, target, input, progress).comparison(isAsInFile)
      }
      if let graph = Self.fileGraph(of: oracle, network.input.name, values: names) {
        // A form that is not known may have been taken apart where the file was read.
        do {
          return try compared(graph, isAsInFile: true)
        } catch is ExactnessError {}
      }
      let graph = try ExactGraph(oracle.graph, input: network.input.name, values: names)
      return try compared(graph, isAsInFile: false)
    }
  }

  /// The layers that a value needs, each value once.
  private static func layers(of network: Network, for value: String) -> [Network.Layer] {
    let made = Set(network.graph.needed(for: [value]).flatMap(\.outputs))
    var seen = Set<String>()
    return network.layers.filter { made.contains($0.value) && seen.insert($0.value).inserted }
  }

  /// The graph as the file has it, where its input is the network's and all its operators are known.
  private static func fileGraph(
    of network: Network, _ input: String, values: [String]
  ) -> ExactGraph? {
    guard network.form == .picture, !network.isChannelsLast, !network.path.isEmpty,
      let model = try? Model(contentsOf: network.path), var file = try? Graph(model)
    else { return nil }
    for other in file.inputs where other.name != input {
      file.constants[other.name] = network.graph.constants[other.name]
    }
    let made = Set(file.nodes.flatMap(\.outputs))
    let known = values.filter(made.contains)
    guard known.first == values.first else { return nil }
    return try? ExactGraph(file, input: input, values: known)
  }
}

/// What a network's plans make of an input.
struct Judged {
  let layers: [Network.Layer]
  /// The layers' values, by the graph's names; those that the plan does not make are left out.
  let values: [String: Tensor]
  /// The values that choices are made on.
  let decisive: [String: [Float]]
  /// What the gradient is of, by a plan for it alone, in which operators are fused; by that for all where the best of
  /// many are chosen, which might be others there.
  let alone: Tensor
  let gradient: [Float]
  /// Any value by a plan for it alone.
  let byItself: (String) throws -> Tensor

  init(
    _ network: Network, _ plan: @escaping ExactComparison.Planner, layers: [Network.Layer],
    decisive: [String], _ target: ExactTarget, at input: Tensor, isTogether: Bool
  ) throws {
    let shapes = try network.shapes(inputShape: input.shape)
    func values(_ names: [String]) throws -> [String: Tensor] {
      let made = names.filter { network.makers[$0] != nil && shapes[$0] != nil }
      guard !made.isEmpty else { return [:] }
      let plan = try plan(made.map { Reading(.value($0)) }, false)
      return Dictionary(uniqueKeysWithValues: zip(made, try plan.forward(input)))
    }
    self.layers = layers
    byItself = { try plan([Reading(.value($0))], false).forward(input)[0] }
    if isTogether {
      var seen = Set<String>()
      let names = ([target.value] + layers.map(\.value) + decisive).filter {
        network.makers[$0] != nil && shapes[$0] != nil && seen.insert($0).inserted
      }
      let whole = try plan(names.map { Reading(.value($0)) }, true)
      let results = try whole.forward(input)
      let found = Dictionary(uniqueKeysWithValues: zip(names, results))
      let known = Set(layers.map(\.value))
      self.values = found.filter { known.contains($0.key) }
      self.decisive = found.filter { decisive.contains($0.key) }.mapValues(\.scalars)
        .merging([network.input.name: input.scalars]) { $1 }
      alone = results[0]
      let none = [Tensor?](repeating: nil, count: names.count - 1)
      gradient = try whole.backward([target.weights] + none).scalars
      return
    }
    self.values = try values(layers.map(\.value))
    var others = try values(decisive).mapValues(\.scalars)
    others[network.input.name] = input.scalars
    self.decisive = others
    let fused = try plan([Reading(.value(target.value))], true)
    alone = try fused.forward(input)[0]
    if let reading = target.reading {
      let own = try plan([reading], true)
      let one = try own.forward(input)[0]
      gradient = try own.backward([Tensor(one.shape, repeating: 1)]).scalars
    } else {
      gradient = try fused.backward([target.weights]).scalars
    }
  }

  /// Bytes of all of them.
  var bytes: Int {
    MemoryLayout<Float>.stride
      * (values.values.reduce(0) { $0 + $1.count } + decisive.values.reduce(0) { $0 + $1.count })
  }
}
