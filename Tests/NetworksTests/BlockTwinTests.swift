import Autodiff
import Tensors
import Testing
import Verification

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// What the kernels on channel blocks compute beside what the same operators compute on the tape.
@Suite struct BlockTwinTests {
  private static let types = Lowering.blockOperators.keys.sorted()
  /// Graphs an operator.
  private static let count = 40

  /// The seed of an operator's graphs: the same whatever the order of the others.
  private static func seed(_ type: String) -> UInt64 {
    type.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }
  }

  /// The graphs of an operator; what does not fit is left out, which is seldom.
  private static func graphs(of type: String) -> [RandomBlockGraph] {
    (0..<UInt64(count) * 8).lazy
      .compactMap { RandomBlockGraph(around: type, others: types, seed: seed(type) &+ $0) }
      .prefix(count).map { $0 }
  }

  @Test("Value and gradient of random chains are the tape's", arguments: types)
  func agree(_ type: String) throws {
    let graphs = Self.graphs(of: type)
    #expect(graphs.count == Self.count)
    for graph in graphs {
      let error = try Self.errors(graph)
      // Both sides round every operation to Float: some 1e-7 each.
      #expect(error.value < 1e-5 && error.gradient < 1e-5, "\(error) at \(graph)")
    }
  }

  @Test("Every operator runs on channel blocks in some of its chains", arguments: types)
  func onBlocks(_ type: String) throws {
    let runs = try Self.graphs(of: type).count { graph in
      var lowering = Lowering(graph.graph, input: "x", shape: graph.inputShape)
      return try graph.graph.nodes.contains { node in
        let before = lowering.tapeOperators
        try lowering.lower(node)
        return node.type == type && lowering.tapeOperators == before
      }
    }
    #expect(runs > 3)
  }

  @Test("Every operator on channel blocks has chains")
  func complete() {
    #expect(Set(RandomBlockGraph.builders.keys) == Set(Self.types))
  }

  /// The disagreement of a plan and the tape, relative to the tape's numbers.
  private static func errors(
    _ graph: RandomBlockGraph
  ) throws -> (value: Double, gradient: Double) {
    var random = graph.random
    let x = Tensor.normal(graph.inputShape, using: &random)
    let (expected, pullback) = try valueWithPullback(at: x) { x in
      try #require(try graph.graph.onTape(["x": x])[graph.last.name])
    }
    let cotangent = Tensor.normal(expected.shape, using: &random)
    let plan = try Network(graph: graph.graph).plan(
      inputShape: x.shape, readings: [Reading(.value(graph.last.name))], threads: 1)
    let value = try plan.forward(x)[0]
    guard value.shape == expected.shape else { return (.infinity, .infinity) }
    let check = GoldenCase.Check("value", computed: value, recorded: expected)
    let gradient = GoldenCase.Check(
      "gradient", computed: try plan.backward([cotangent]), recorded: pullback(cotangent))
    return (check.error, gradient.error)
  }
}

extension Lowering {
  /// How many instructions run on the tape.
  fileprivate var tapeOperators: Int {
    program.instructions.count { if case .tape = $0.operation { true } else { false } }
  }
}
