import Autodiff
import Tensors
import Testing

@testable import Graphs
@testable import Networks
@testable import Plans

/// A plan as one operation of the tape, and a plan that goes back more than once.
@Suite struct PlanCallTests {
  private static let shape: Shape = [1, 3, 6, 7]

  /// Kernels, and an operator that remembers its pullback.
  private static func plan() throws -> Plan {
    var b = GraphBuilder(channels: 3)
    let c = ConvolutionCase(from: 3, to: 16, height: 0, width: 0)
    let first = b.add("Relu", [b.convolution("x", (3, 16), c)])
    let second = b.convolution(
      first, (16, 8), ConvolutionCase(from: 16, to: 8, height: 0, width: 0))
    _ = b.add("Tanh", [second])
    let network = Network(graph: b.graph)
    return try network.plan(
      inputShape: shape, readings: [Reading(second), Reading(network.graph.outputs[0])])
  }

  private static func input(_ seed: UInt64) -> Tensor {
    var random = SplitMix64(seed: seed)
    return .normal(shape, using: &random)
  }

  private static func ones(_ plan: Plan) -> [Tensor?] {
    plan.outputShapes.map { Tensor($0, repeating: 1) }
  }

  @Test("back a second time is the same, from what was fed last")
  func backTwice() throws {
    let plan = try Self.plan()
    _ = try plan.forward(Self.input(1))
    let first = try plan.backward(Self.ones(plan))
    #expect(first.norm > 0)
    #expect(try plan.backward(Self.ones(plan)) == first)
    _ = try plan.profile(Self.input(2))
    _ = try plan.forward(Self.input(1))
    #expect(try plan.backward(Self.ones(plan)) == first)
  }

  @Test("each of two calls has its own gradient, whichever comes first")
  func twoCalls() throws {
    let plan = try Self.plan()
    let gradients = try [UInt64(1), 2].map { seed in
      _ = try plan.forward(Self.input(seed))
      return try plan.backward(Self.ones(plan))
    }
    #expect(relativeDistance(gradients[0], gradients[1]) > 0.1)
    let both = try gradient(at: [Self.input(1), Self.input(2)]) { x in
      let calls = try x.map { try plan($0) }
      return calls.flatMap { $0 }.reduce(Variable(0)) { $0 + $1.sum() }
    }
    #expect(both == gradients)
    let turned = try gradient(at: [Self.input(1), Self.input(2)]) { x in
      let later = try plan(x[1])
      let calls = try plan(x[0]) + later
      return calls.reduce(Variable(0)) { $0 + $1.sum() }
    }
    #expect(turned == gradients)
  }

  @Test("a call's pullback may be called again, after other passes too")
  func pulledBackAgain() throws {
    let plan = try Self.plan()
    let (_, pullback) = try valueWithPullback(at: Self.input(1)) { try plan($0)[1] }
    let cotangent = Tensor(plan.outputShapes[1], repeating: 1)
    let first = pullback(cotangent)
    #expect(first.norm > 0)
    #expect(pullback(cotangent) == first)
    _ = try plan.forward(Self.input(2))
    #expect(pullback(cotangent) == first)
    #expect(relativeDistance(pullback(cotangent * 2), first * 2) < 1e-6)
  }

  @Test("a second derivative traps; a first one inside another is a number")
  func secondDerivative() async throws {
    let plan = try Self.plan()
    let slope = try gradient(at: Variable(Self.input(1))) { try plan($0)[1].sum() }
    #expect(slope.value.norm > 0)
    await #expect(processExitsWith: .failure) {
      let plan = try PlanCallTests.plan()
      _ = try gradient(at: PlanCallTests.input(1)) { x in
        let slope = try gradient(at: x) { try plan($0)[1].sum() }
        return (slope * slope).sum()
      }
    }
  }

  @Test("back before there, or without a way back, traps")
  func noWay() async {
    await #expect(processExitsWith: .failure) {
      let plan = try PlanCallTests.plan()
      _ = try plan.backward([nil, nil])
    }
  }
}
