import Autodiff
import Tensors
import Testing
import Verification

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Attention that stores no scores beside the operators that graphs write it out with.
@Suite struct AttentionTests {
  @Test(
    "Value and gradient are those of the single operators on the tape",
    arguments: RandomAttentionGraph.Source.allCases)
  func agrees(_ source: RandomAttentionGraph.Source) throws {
    for seed in 0..<40 as Range<UInt64> {
      let graph = RandomAttentionGraph(source, seed: seed)
      let error = try Self.errors(graph)
      // Both sides round every operation to Float, and softmax the scores.
      #expect(error.value < 1e-5 && error.gradient < 1e-5, "\(error) at \(graph)")
    }
  }

  @Test("All ways of writing it are recognized", arguments: RandomAttentionGraph.Source.allCases)
  func recognized(_ source: RandomAttentionGraph.Source) throws {
    for seed in 0..<40 as Range<UInt64> {
      let graph = RandomAttentionGraph(source, seed: seed)
      let program = try Self.fused(graph)
      let (tape, attention) = (program.count("MatMul"), program.attentions.count)
      // What a network is fed with has another place than its values.
      let expected = source == .input || graph.given == .oldAxis ? (0, 1, 2) : (1, 0, 0)
      #expect((attention, program.count("Softmax"), tape) == expected, "\(graph)")
    }
  }

  @Test("Operands and results stay where products have them, where their heads are whole blocks")
  func inPlace() throws {
    var seen = 0
    for seed in 0..<200 as Range<UInt64> {
      let graph = RandomAttentionGraph(.gathered, seed: seed)
      guard graph.given != .oldAxis, graph.width.isMultiple(of: 16),
        graph.description.contains("and multiplied")
      else {
        continue
      }
      let program = try Self.fused(graph)
      let instruction = try #require(program.attentions.first)
      seen += 1
      for value in instruction.reads + instruction.outputs {
        guard case .blocks = program.forms[value] else {
          Issue.record("a tensor at \(graph)")
          return
        }
      }
      #expect(instruction.inputs.count == 1)
    }
    #expect(seen > 10)
  }

  @Test("What somebody observes or reads on the way keeps its gradient and its value")
  func observed() throws {
    for seed in 0..<20 as Range<UInt64> {
      let graph = RandomAttentionGraph(.separate, seed: seed)
      for name in graph.operands + [graph.shares] {
        let network = Network(graph: graph.graph)
        let plan = try network.plan(
          inputShape: graph.shape, readings: [Reading(.value(graph.last)), Reading(.value(name))],
          observing: [.value(name)], threads: 1)
        var random = graph.random
        let x = Tensor.normal(graph.shape, using: &random)
        let values = try plan.forward(x)
        let cotangent = Tensor.normal(values[0].shape, using: &random)
        _ = try plan.backward([cotangent, nil])
        let (rest, pullback) = try valueWithPullback(at: values[1]) {
          try #require(try graph.graph.onTape(["x": Variable(x), name: $0])[graph.last])
        }
        let seen = try #require(plan.observedGradient(0))
        let value = GoldenCase.Check("value", computed: values[0], recorded: rest)
        let gradient = GoldenCase.Check(
          "gradient", computed: seen, recorded: pullback(cotangent).reshaped(seen.shape))
        #expect(value.error < 1e-5 && gradient.error < 1e-5, "\(name) at \(graph)")
      }
    }
  }

  @Test("Results do not depend on the number of threads, few heads and many queries among them")
  func threads() throws {
    for source in [RandomAttentionGraph.Source.gathered, .none] {
      for seed in 0..<8 as Range<UInt64> {
        let graph = RandomAttentionGraph(source, seed: seed, tokens: 600)
        var random = graph.random
        let x = Tensor.normal(graph.shape, using: &random)
        var seen: [[Tensor]] = []
        for threads in 1...3 {
          let plan = try Network(graph: graph.graph).plan(
            inputShape: graph.shape,
            readings: [Reading(.value(graph.last))],
            threads: threads)
          let value = try plan.forward(x)[0]
          seen.append([value, try plan.backward([value])])
        }
        for other in seen.dropFirst() {
          #expect(zip(other, seen[0]).allSatisfy { $0.scalars == $1.scalars }, "\(graph)")
        }
        let error = try Self.errors(graph)
        #expect(error.value < 1e-5 && error.gradient < 1e-5, "\(error) at \(graph)")
      }
    }
  }

  /// The disagreement of a plan and the tape, relative to the tape's numbers.
  private static func errors(
    _ graph: RandomAttentionGraph
  ) throws -> (value: Double, gradient: Double) {
    var random = graph.random
    let x = Tensor.normal(graph.shape, using: &random)
    let (expected, pullback) = try valueWithPullback(at: x) { x in
      try #require(try graph.graph.onTape(["x": x])[graph.last])
    }
    let cotangent = Tensor.normal(expected.shape, using: &random)
    let plan = try Network(graph: graph.graph).plan(
      inputShape: x.shape, readings: [Reading(.value(graph.last))], threads: 2)
    let value = GoldenCase.Check("value", computed: try plan.forward(x)[0], recorded: expected)
    let gradient = GoldenCase.Check(
      "gradient", computed: try plan.backward([cotangent]), recorded: pullback(cotangent))
    return (value.error, gradient.error)
  }

  /// The program of the graph's last value.
  private static func fused(_ graph: RandomAttentionGraph) throws -> Program {
    var lowering = Lowering(graph.graph, input: "x", shape: graph.shape)
    for node in graph.nodes { try lowering.lower(node) }
    let last = try lowering.materialized(graph.last).value
    var program = lowering.program
    program.prune(to: [last])
    program.fuseAttention(keeping: [last])
    return program
  }
}

extension Program {
  fileprivate var attentions: [Instruction] {
    instructions.filter { if case .attention = $0.operation { true } else { false } }
  }

  /// How many nodes of a type run on the tape.
  fileprivate func count(_ type: String) -> Int {
    instructions.count { $0.call?.node.type == type }
  }
}
