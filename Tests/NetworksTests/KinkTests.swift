import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Derivatives where a function bends: those that PyTorch 2.15 has there.
@Suite struct KinkTests {
  @Test(
    "activations at 0",
    arguments: [
      ("Relu", [:], 0), ("LeakyRelu", ["alpha": .float(0.25)], 0.25),
      ("Elu", ["alpha": .float(0.5)], 0.5), ("Selu", [:], 1.758_099_3),
      ("Celu", ["alpha": .float(2)], 1), ("HardSwish", [:], 0.5), ("Abs", [:], 0),
    ] as [(String, [String: Attribute], Float)])
  func activations(type: String, attributes: [String: Attribute], slope: Float) throws {
    var builder = GraphBuilder(channels: 3)
    let last = builder.add(type, ["x"], attributes)
    try check(builder.graph, last, slope: [slope, slope, slope])
  }

  @Test("a PReLU at 0 has its slope", arguments: [[1], [3, 1, 1]] as [Shape])
  func prelu(shape: Shape) throws {
    var builder = GraphBuilder(channels: 3)
    let slopes = builder.constant(shape)
    let last = builder.add("PRelu", ["x", slopes])
    let own = builder.graph.constants[slopes]?.tensor.scalars ?? []
    try check(builder.graph, last, slope: (0..<3).map { own[own.count == 1 ? 0 : $0] })
  }

  private func check(_ graph: Graph, _ last: String, slope: [Float]) throws {
    let network = Network(graph: graph)
    let x = Tensor([1, 3, 1, 2], [0, 1, 0, 1, 0, 1])
    let plan = try network.plan(inputShape: x.shape, readings: [Reading(last)], feed: .raw)
    _ = try plan.forward(x)
    let gradient = try plan.backward([Tensor(x.shape, repeating: 1)]).scalars
    for channel in 0..<3 { #expect(abs(gradient[2 * channel] - slope[channel]) < 1e-6) }
  }
}
