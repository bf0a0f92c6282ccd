import Autodiff
import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Random networks whose values branch and join, against the same with every node apart and its derivative on
/// the tape: what is fused, shared, narrowed or observed must not show.
@Suite struct RandomPlanTests {
  private static let shape: Shape = [2, 3, 6, 7]

  /// A network of nodes over maps of one size, and the channels of each value.
  private struct Graph {
    var builder = GraphBuilder(channels: 3)
    var channels: [(name: String, count: Int)] = [("x", 3)]
    var joined: [[(name: String, count: Int)]] = []
    var random: SplitMix64

    init(seed: UInt64) {
      random = SplitMix64(seed: seed)
      builder = GraphBuilder(channels: 3, seed: seed)
      for _ in 0..<3 { addConvolution() }
      for _ in 0..<Int.random(in: 4...9, using: &random) { addNode() }
    }

    /// A value, more likely a late one.
    mutating func value() -> (name: String, count: Int) {
      channels[max(channels.indices.randomElement(using: &random) ?? 0, 1)]
    }

    private mutating func addConvolution() {
      let from = channels[Int.random(in: 0..<channels.count, using: &random)]
      let to = [16, 16, 24, 32].randomElement(using: &random) ?? 16
      let name = builder.convolution(
        from.name, (from.count, to),
        ConvolutionCase(from: from.count, to: to, height: 0, width: 0))
      channels.append((name, to))
    }

    private mutating func join(_ parts: [(name: String, count: Int)]) {
      joined.append(parts)
      channels.append(
        (
          builder.add("Concat", parts.map(\.name), ["axis": .int(1)]),
          parts.reduce(0) { $0 + $1.count }
        ))
    }

    private mutating func addNode() {
      let x = value()
      let ones: [String: Attribute] = ["strides": .ints([1, 1])]
      let window = ones.merging(
        ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])]) { $1 }
      switch Int.random(in: 0..<13, using: &random) {
      case 0: addConvolution()
      case 1, 2: channels.append((builder.add("Relu", [x.name]), x.count))
      case 3: channels.append((builder.add("MaxPool", [x.name], window), x.count))
      case 4: channels.append((builder.add("AveragePool", [x.name], window), x.count))
      case 5:
        channels.append(
          (builder.add("Mul", [x.name, builder.constant([x.count, 1, 1])]), x.count))
      case 6, 7:
        let bent =
          [
            ("Swish", [:]), ("HardSwish", [:]), ("Gelu", [:]),
            ("LeakyRelu", ["alpha": .float(0.3)]),
          ] as [(String, [String: Attribute])]
        let (type, attributes) = bent[Int.random(in: 0..<4, using: &random)]
        channels.append((builder.add(type, [x.name], attributes), x.count))
      case 8:
        let gate = builder.add("Sigmoid", [x.name])
        channels.append((builder.add("Mul", [gate, x.name]), x.count))
      case 9, 10: join([x] + (0..<Int.random(in: 1...2, using: &random)).map { _ in value() })
      // As a dense block does.
      case 11: join((joined.randomElement(using: &random) ?? [value()]) + [x])
      default:
        let others = channels.filter { $0.count == x.count }
        let y = others.randomElement(using: &random) ?? x
        channels.append((builder.add("Add", [x.name, y.name]), x.count))
      }
    }
  }

  /// Every derivative replaced: that of rectifiers as the rule says, of others by the operator's own.
  private static func apart(_ way: Rectification) -> GradientRule {
    GradientRule("apart") { site in
      { inputs, output, cotangent in
        guard site.node.type == "Relu", way != .derivative else {
          return try valueWithPullback(at: inputs) { try site($0) }.pullback(cotangent)
        }
        return [way.gradient(cotangent, at: output, outside: .relu, always: false)]
      }
    }
  }

  private struct Results {
    var values: [Tensor]
    var gradient: Tensor
    var observed: [Tensor?]
  }

  private static func run(
    _ network: Network, _ readings: [Reading], _ observing: [String], _ rule: GradientRule,
    seed: UInt64, stopsAtObserved: Bool = false
  ) throws -> Results {
    let plan = try network.plan(
      inputShape: shape, readings: readings, rule: rule, observing: observing.map { .layer($0) },
      stopsAtObserved: stopsAtObserved, threads: 1)
    var random = SplitMix64(seed: seed)
    let values = try plan.forward(.normal(shape, using: &random))
    let gradient = try plan.backward(values.map { .normal($0.shape, using: &random) })
    return Results(
      values: values, gradient: gradient, observed: observing.indices.map(plan.observedGradient))
  }

  @Test(
    "values, gradients and what is observed",
    arguments: [GradientRule.standard, .guided, .deconvolution])
  func agree(rule: GradientRule) throws {
    for seed in UInt64(0)..<80 {
      var graph = Graph(seed: seed)
      let network = Network(graph: graph.builder.graph)
      let (last, other) = (graph.channels[graph.channels.count - 1], graph.value())
      let readings = [
        Reading(last.name, channels: [last.count - 1, 0]), Reading(other.name),
        Reading(last.name, channels: [Int(seed) % last.count]),
      ]
      let observing = [graph.value().name, graph.value().name, last.name]
      let expected = try Self.run(
        network, readings, observing, Self.apart(rule.rectification), seed: seed)
      let computed = try Self.run(network, readings, observing, rule, seed: seed)
      let nodes = graph.builder.graph.nodes.map { "\($0.outputs[0]) = \($0.type) \($0.inputs)" }
      let title = Comment("\(seed): \(nodes), reading \(readings), observing \(observing)")
      for (a, b) in zip(computed.values, expected.values) {
        #expect(relativeDistance(a, b) < 1e-5, title)
      }
      // A rectifier's input that is 0 but for rounding is on for one and off for the other.
      #expect(relativeDistance(computed.gradient, expected.gradient) < 1e-4, title)
      // A way back that ends early shows the same of the layers that it is for.
      let stopped = try Self.run(
        network, readings, observing, rule, seed: seed, stopsAtObserved: true)
      for (a, b) in zip(stopped.observed, computed.observed) {
        #expect((a?.norm ?? 0) == (b?.norm ?? 0) && (a == nil || a == b), title)
      }
      for (a, b) in zip(computed.observed, expected.observed) {
        #expect((a?.norm ?? 0) == 0 && (b?.norm ?? 0) == 0 || a != nil && b != nil, title)
        if let a, let b { #expect(relativeDistance(a, b) < 1e-4 || a.norm == b.norm, title) }
      }
    }
  }
}
