import Networks
import Objectives
import Tensors

extension Explained {
  /// What is said of the nodes that the objective needs, each value once.
  ///
  /// - Parameter names: Values of the graph that matter of a node, with whether a value is known before the network runs.
  /// - Returns: The names in order.
  /// - Throws: `NetworkError`.
  func needed(_ names: (Node, _ isKnown: (String) -> Bool) -> [String]) throws -> [String] {
    let read = try objective.readings.map { try network.value(of: $0.source) }
    let known = try network.knownValues(inputShape: pictureShape)
    var seen = Set<String>()
    return network.graph.needed(for: read).flatMap { node in names(node) { known[$0] != nil } }
      .filter { known[$0] == nil && seen.insert($0).inserted }
  }

  /// Values of the graph at pictures that go through it together.
  ///
  /// - Parameters:
  ///   - names: The values; the network's input may be among them.
  ///   - pictures: N×C×H×W.
  /// - Returns: A tensor by each name.
  /// - Throws: `NetworkError`.
  func values(of names: [String], at pictures: Tensor) throws -> [String: Tensor] {
    let made = names.filter { $0 != network.input.name }
    var values = [network.input.name: network.received(pictures, as: feed)]
    guard !made.isEmpty else { return values }
    for part in ReadParts.of(made, try shapes()) {
      // Not kept: it holds everything that is read.
      let plan = try plans.sharingThreads {
        try network.plan(
          inputShape: pictures.shape, readings: part.map { Reading(.value($0)) }, feed: feed,
          differentiable: false, runsOnce: true, threads: threads)
      }
      for (name, value) in zip(part, try plan.forward(pictures)) { values[name] = value }
    }
    return values
  }
}
