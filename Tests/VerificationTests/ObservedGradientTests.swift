import Foundation
import Networks
import Tensors
import TestSupport
import Testing
import Verification

/// The gradient of a layer in the middle against that of the rest of the network, cut off there.
@Suite struct ObservedGradientTests {
  @Test(
    "what is observed is the whole gradient of the layer", arguments: Recordings.cases("networks"))
  func rest(_ name: String) throws {
    let golden = try GoldenCase(folder: Recordings.folder("networks/\(name)"))
    let network = golden.network
    let output = network.graph.outputs[0]
    let before = Set(network.graph.needed(for: [output]).flatMap(\.outputs))
    let layers = network.layers.filter { before.contains($0.value) && $0.value != output }
    for layer in layers {
      let plan = try network.plan(
        inputShape: golden.input.shape,
        readings: [Reading(.value(output)), Reading(.value(layer.value))],
        feed: .raw, observing: [.value(layer.value)])
      let results = try plan.forward(golden.input)
      var random = SplitMix64(seed: 3)
      let seed = Tensor.normal(results[0].shape, using: &random)
      _ = try plan.backward([seed, nil])
      guard let rest = try Self.rest(network, from: layer.value, to: output, at: results[1], golden)
      else { continue }
      let observed = try #require(plan.observedGradient(0), "\(layer.name)")
      #expect((try rest.forward(results[1])[0] - results[0]).norm < 1e-4 * results[0].norm)
      let expected = try rest.backward([seed]).reshaped(results[1].shape)
      let difference = (observed.reshaped(expected.shape) - expected).norm
      #expect(difference <= 1e-4 * expected.norm, "\(layer.name)")
    }
  }

  /// The network from a layer on, where all goes through that; `nil` where something goes past it.
  private static func rest(
    _ network: Network, from value: String, to output: String, at x: Tensor, _ golden: GoldenCase
  ) throws -> Plan? {
    let graph = network.graph
    var nodes: [Node] = []
    var pending = [output]
    var seen: Set = [value]
    while let name = pending.popLast() {
      guard seen.insert(name).inserted else { continue }
      if name == network.input.name { return nil }
      guard let node = graph.nodes.first(where: { $0.outputs.contains(name) }) else { continue }
      pending += node.inputs
      nodes.append(node)
    }
    let ordered = graph.nodes.filter { node in nodes.contains { $0.outputs == node.outputs } }
    let rest = Graph(
      inputs: [.init(name: value, dimensions: [])], outputs: [output], nodes: ordered,
      constants: graph.constants)
    return try Network(graph: rest).plan(
      inputShape: x.shape, readings: [Reading(.value(output))], feed: .raw)
  }
}
