import Attribution
import Autodiff
import Graphs
import Networks
import Objectives
import Tensors
import Testing

/// Relevance of random graphs by every rule, against the rules' definitions.
@Suite struct RandomRuleTests {
  private typealias Composite = LayerwiseRelevance.Composite

  /// Small graphs: every weighted sum is written out as a matrix.
  private static let mostScalars = 250

  private static let composites: [(name: String, composite: Composite)] = [
    ("ε", Composite(convolution: .epsilon(), linear: .epsilon(0.25))),
    ("z+", .epsilonPlus), ("z+, flat", .epsilonPlusFlat), ("α2β1", .epsilonAlpha2Beta1),
    ("α3β2", Composite(convolution: .alphaBeta(alpha: 3, beta: 2), linear: .zPlus)),
    ("γ", Composite(convolution: .gamma(), linear: .gamma(0.5))),
    ("γ, box", .epsilonGammaBox()), ("γ, −3…3", .epsilonGammaBox(-3...3)),
    ("flat", Composite(convolution: .flat, linear: .flat)),
    ("w²", Composite(convolution: .wSquare, linear: .wSquare)),
    (
      "w² first",
      Composite(convolution: .zPlus, linear: .zPlus, first: .wSquare, firstLinear: .wSquare)
    ),
    ("excitation", .excitationBackprop),
  ]

  /// What has a rule; what exporters write in parts is left to other tests where a pattern changes the rule.
  private static let builders: [RandomGraph.Builder] = {
    let more: Set = [
      "Sigmoid", "Tanh", "HardSwish", "Softplus", "Elu", "Gelu", "HardSigmoid", "Clip to 6",
      "Clip from 0", "swish in parts", "Add with a constant", "Sub with a constant",
      "Sum of three", "BatchNormalization", "InstanceNormalization", "LayerNormalization", "LRN",
      "Softmax", "linear", "Conv, batch norm, rectifier", "residual", "squeeze and excitation",
      "feed forward", "ConvNeXt", "Reshape to channels last", "channels first",
    ]
    let names = RandomRelevanceTests.names.union(more)
    let builders = RandomGraph.builders.filter { names.contains($0.name) }
    precondition(builders.count == names.count)
    return builders
  }()

  private static let parts = 0..<4

  @Test("every rule is what its definition says", arguments: parts)
  func rules(part: Int) throws {
    var (compared, unsettled, numbers) = (0, 0, 0)
    for number in RandomValueTests.said ?? 0...99 where number % Self.parts.count == part {
      numbers += 1
      let graph = RandomGraph(number: number, builders: Self.builders, upTo: Self.mostScalars)
      guard let ends = try Ends(graph) else { continue }
      for (name, composite) in Self.composites {
        // Of a graph that cannot be explained, the number is said.
        do {
          guard let found = try ends.computed(composite) else { continue }
          compared += 1
          guard let difference = try ends.comparison(found, composite) else { continue }
          if difference.isUnsettled {
            unsettled += 1
          } else {
            Issue.record("\(name): \(difference.distance) of \(difference.size) in \(graph)")
          }
        } catch {
          Issue.record("\(name): \(error) in \(graph)")
        }
      }
    }
    #expect(compared > numbers * Self.composites.count / 4)
    #expect(unsettled <= max(2, compared / 200), "\(unsettled) of \(compared) are unsettled")
  }

  /// Both ways from a weighted sum of the last value down to the input.
  private struct Ends {
    let graph: RandomGraph
    let network: Network
    let objective: Objective
    let weights: Tensor

    struct Difference {
      let distance: Double
      let size: Double
      let isUnsettled: Bool
    }

    /// `nil` where the graph's last value has no axes to share out.
    init?(_ graph: RandomGraph) throws {
      guard graph.last.shape.rank > 1, graph.input.shape.rank == 4 else { return nil }
      self.graph = graph
      network = Network(graph: graph.graph)
      var random = SplitMix64(seed: 9)
      let one = Tensor.normal(Shape([1] + graph.last.shape.dimensions.dropFirst()), using: &random)
      weights = Tensor.concatenate([Tensor](repeating: one, count: graph.last.shape[0]))
      let reading = Reading(.value(graph.last.name))
      objective = Objective("weighted", reading: [reading]) { evaluation in
        (evaluation[reading] * Variable(one)).sum()
      }
    }

    /// The method's relevance as the graph has its input; `nil` where a node has no rule.
    func computed(_ composite: LayerwiseRelevance.Composite) throws -> Tensor? {
      let x = network.isChannelsLast ? graph.input.transposed([0, 3, 1, 2]) : graph.input
      do {
        let relevance = try LayerwiseRelevance(composite)
          .attribute(x, to: objective, in: network, feed: .raw, threads: 1)
        return network.isChannelsLast ? relevance.transposed([0, 2, 3, 1]) : relevance
      } catch is AttributionError {
        return nil
      }
    }

    /// `nil` where both agree.
    ///
    /// Denominators near 0 make much of rounding: where imitated rounding, ten times as large, changes more than
    /// 1 % of the relevance, nothing is known.
    func comparison(
      _ found: Tensor, _ composite: LayerwiseRelevance.Composite
    ) throws -> Difference? {
      let expected = try defined(composite)
      let size = Self.norm(expected)
      let distance = Self.distance(found.scalars.map { Double($0) }, expected)
      if distance <= 1e-4 * size { return nil }
      var rounding = 0.0
      for draw in 0..<3 {
        for sign: Float in [1, -1] {
          let noisy = try defined(composite, noise: SplitMix64(seed: UInt64(draw)), sign)
          rounding = max(rounding, Self.distance(noisy, expected))
        }
      }
      let isUnsettled = rounding > 0.01 * size || !rounding.isFinite
      if !isUnsettled, distance <= rounding { return nil }
      return Difference(distance: distance, size: size, isUnsettled: isUnsettled)
    }

    private func defined(
      _ composite: LayerwiseRelevance.Composite, noise: SplitMix64? = nil, _ sign: Float = 1
    ) throws -> [Double] {
      let walk = try TapeWalk(graph.graph, at: graph.input, noise: noise, noiseSign: sign)
      let definition = RelevanceDefinition(graph.graph, walk, from: graph.last.name, noise: noise)
      guard let value = walk.values[graph.last.name] else { return [] }
      var start = zip(value.scalars, weights.scalars).map { Double($0) * Double($1) }
      if composite.start == .one {
        // What is read of one picture is its own, whatever its axes.
        let each = start.count / graph.input.shape[0]
        for first in stride(from: 0, to: start.count, by: max(1, each)) {
          let total = start[first..<first + each].reduce(0, +)
          for i in first..<first + each where total != 0 { start[i] /= total }
        }
      }
      return try definition.relevance(start, composite)
    }

    private static func norm(_ x: [Double]) -> Double { distance(x, x.map { _ in 0 }) }

    private static func distance(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
  }
}
