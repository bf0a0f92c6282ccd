import Foundation
import Graphs
import Networks
import Tensors
import TestSupport
import Testing

@testable import Exactness
@testable import Verification

/// Networks beside their graphs in Double, and these beside PyTorch in Double.
@Suite struct ExactComparisonTests {
  private static func target(_ network: Network, _ input: Tensor) throws -> ExactTarget {
    let shapes = try network.shapes(inputShape: input.shape)
    let value = try network.value(of: .logits)
    return ExactTarget(drawn: value, try #require(shapes[value]), seed: 1)
  }

  private static let networks = [
    "convnext-mini", "densenet-mini", "inception-mini", "mobilenetv2-mini", "mobilenetv3-mini",
    "resnet-mini", "resnet-mini-external-data", "resnet-mini-torchscript", "vgg-mini", "vit-mini",
  ]

  @Test("Recorded networks agree, values and gradient", arguments: networks)
  func agreement(_ name: String) throws {
    let golden = try GoldenCase(folder: Recordings.folder("networks/\(name)"))
    let comparison = try ExactComparison(
      golden.network, input: golden.input, target: Self.target(golden.network, golden.input),
      threads: 2)
    #expect(comparison.isAsInFile && comparison.layers.count > 5)
    for layer in comparison.layers {
      #expect(layer.difference.error < 1e-5, "\(layer.name): \(layer.difference.error)")
    }
    #expect(comparison.gradientOfSameChoices.error < 2e-5)
    #expect(comparison.agrees)
  }

  /// A recorded network, and the same with one convolution's weights changed, of the middle of the graph.
  private func spoiled(
    _ change: (Tensor) -> Tensor
  ) throws -> (golden: GoldenCase, wrong: Network, place: Int) {
    let golden = try GoldenCase(folder: Recordings.folder("networks/resnet-mini"))
    var graph = golden.network.graph
    let places = graph.nodes.indices.filter { graph.nodes[$0].type == "Conv" }
    let place = places[places.count / 2]
    let name = graph.nodes[place].inputs[1]
    graph.constants[name] = Constant(change(try #require(graph.constants[name]).tensor))
    return (golden, Network(graph: graph), place)
  }

  @Test("One number of one kernel wrong by a hundredth is found, and where")
  func wrongWeight() throws {
    let (golden, wrong, place) = try spoiled { weights in
      var scalars = weights.scalars
      let largest = scalars.indices.max { abs(scalars[$0]) < abs(scalars[$1]) } ?? 0
      scalars[largest] *= 1.01
      return Tensor(weights.shape, scalars)
    }
    let right = golden.network
    let comparison = try ExactComparison(
      wrong, reference: right, input: golden.input, target: Self.target(right, golden.input),
      threads: 2)
    #expect(!comparison.agrees)
    // What is before it agrees; it, or what is computed of it alone, is named.
    let first = try #require(comparison.firstBeyond)
    let found = try #require(right.graph.nodes.firstIndex { $0.outputs.contains(first.name) })
    #expect(found >= place && found <= place + 2)
  }

  @Test("What is wrong only where operators are put together for one value is found")
  func wrongFusion() throws {
    let (golden, wrong, place) = try spoiled { $0 * 1.01 }
    let right = golden.network
    // Side by side all is as it should be; each alone is not.
    let comparison = try ExactComparison(
      right, input: golden.input, target: Self.target(right, golden.input), threads: 1,
      planner: { readings, differentiable in
        try (readings.count == 1 ? wrong : right).plan(
          inputShape: golden.input.shape, readings: readings, feed: .raw,
          differentiable: differentiable, threads: 1)
      })
    #expect(!comparison.agrees)
    let first = try #require(comparison.firstBeyond)
    #expect(first.name.hasSuffix(ExactComparison.byItself))
    let name = first.name.dropLast(ExactComparison.byItself.count)
    let value = try right.value(ofLayer: String(name))
    let found = try #require(right.graph.nodes.firstIndex { $0.outputs.contains(value) })
    #expect(found >= place && found <= place + 2, "\(name)")
  }

  @Test("Numbers that are 0 but for rounding agree; a wrong one beside them does not")
  func cancelled() throws {
    // The mean of what was brought to mean 0, beside an ordinary layer.
    var random = SplitMix64(seed: 3)
    func graph(_ factor: Float) -> Graph {
      var random = SplitMix64(seed: 5)
      return Graph(
        inputs: [.init(name: "x", dimensions: [1, 2, 16, 16])], outputs: ["y"],
        nodes: [
          Node("InstanceNormalization", inputs: ["x", "ones", "zeros"], outputs: ["n"]),
          Node("GlobalAveragePool", name: "mean", inputs: ["n"], outputs: ["mean"]),
          Node("Conv", name: "c", inputs: ["x", "w"], outputs: ["c"]),
          Node("Add", name: "y", inputs: ["c", "mean"], outputs: ["y"]),
        ],
        constants: [
          "ones": Constant(Tensor([2], [1, 1])), "zeros": Constant(Tensor([2])),
          "w": Constant(.normal([2, 2, 3, 3], using: &random) * factor),
        ])
    }
    let input = Tensor.normal([1, 2, 16, 16], using: &random)
    let target = ExactTarget(drawn: "y", [1, 2, 14, 14], seed: 1)
    func comparison(_ factor: Float) throws -> ExactComparison {
      try ExactComparison(
        Network(graph: graph(factor)), reference: Network(graph: graph(1)), input: input,
        target: target, threads: 1)
    }
    let right = try comparison(1)
    let mean = try #require(right.layers.first { $0.name == "mean" })
    #expect(mean.difference.error > 2e-5 && mean.difference.isRounding && right.agrees)
    #expect(try !comparison(1.001).agrees)
  }

  @Test(
    "What is left of large terms that cancel agrees; a weight that is wrong by a hundredth does not"
  )
  func amplified() throws {
    // Each output is a difference among numbers of 200, whose rounding is some hundred-thousandths of it.
    func graph(_ factor: Float) -> Graph {
      Graph(
        inputs: [.init(name: "x", dimensions: [1, 1, 1, 16])], outputs: ["y"],
        nodes: [
          Node("Mul", name: "small", inputs: ["x", "tenth"], outputs: ["s"]),
          Node("Add", name: "large", inputs: ["s", "offset"], outputs: ["l"]),
          Node("Conv", name: "c", inputs: ["l", "w"], outputs: ["c"]),
          Node("TopK", name: "best", inputs: ["c", "three"], outputs: ["y", "places"]),
        ],
        constants: [
          "tenth": Constant(Tensor([], [0.1 * factor])), "offset": Constant(Tensor([], [200])),
          "w": Constant(Tensor([1, 1, 1, 2], [30, -30])),
          "three": Constant(Tensor([1], [3]), isInteger: true),
        ])
    }
    var random = SplitMix64(seed: 4)
    let input = Tensor.normal([1, 1, 1, 16], using: &random)
    func comparison(_ factor: Float) throws -> ExactComparison {
      try ExactComparison(
        Network(graph: graph(factor)), reference: Network(graph: graph(1)), input: input,
        target: ExactTarget(drawn: "y", [1, 1, 1, 3], seed: 1), threads: 1)
    }
    let right = try comparison(1)
    let convolution = try #require(right.layers.first { $0.name == "c" })
    #expect(convolution.difference.error > 2e-5 && right.agrees)
    #expect(try !comparison(1.01).agrees)
  }

  @Test("Between which pixels a point on one of them lies is a choice", arguments: [1e-6, -1e-6])
  func pointOnPixel(other: Float) throws {
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [1, 1, 2, 2])], outputs: ["y"],
      nodes: [
        Node("Mul", inputs: ["x", "one"], outputs: ["g"]),
        Node(
          "GridSample", name: "sampled", inputs: ["picture", "g"], outputs: ["y"],
          attributes: ["align_corners": .int(1)]),
      ],
      constants: [
        "one": Constant(Tensor([], [1])),
        "picture": Constant(Tensor([1, 1, 1, 3], [1, 3, 8])),
      ])
    let exact = try ExactGraph(graph, input: "x", values: ["y"])
    #expect(exact.decisive.contains("g"))
    // From the left the picture grows by 2 a pixel, to the right by 5.
    let decisions = Decisions(others: ["g": [other, 0, 0.7, 0]], follows: true)
    var result: Way?
    let way = try exact.run(Tensor([1, 1, 2, 2], [-1e-6, 0, 0.7, 0]), decisions: decisions) {
      result = $1.way
    }
    let gradient = Way.gradient([(try #require(result), [1, 0])], to: way)
    #expect(abs(gradient[0] - (other > 0 ? 5 : 2)) < 1e-9)
    #expect(decisions.different == (other > 0 ? 1 : 0))
  }

  @Test("A step of what is no number in Double is no choice")
  func stepOfNothing() throws {
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [1, 1, 1, 2])], outputs: ["z"],
      nodes: [
        Node("Sqrt", name: "root", inputs: ["x"], outputs: ["y"]),
        Node("Ceil", name: "step", inputs: ["y"], outputs: ["z"]),
      ])
    let exact = try ExactGraph(graph, input: "x", values: ["z"])
    let decisions = Decisions(others: ["z": [0, 2]], follows: true)
    var values: [Double] = []
    _ = try exact.run(Tensor([1, 1, 1, 2], [-1e-9, 2]), decisions: decisions) {
      values = $1.scalars
    }
    #expect(values[0].isNaN && values[1] == 2)
  }

  /// What `Tests/Conformance/exact.py` recorded with PyTorch 2.15 in double precision.
  private struct Recorded: Decodable {
    let input, values, gradient: [Double]
    let `class`: Int
  }

  /// Epsilons and slopes are floats in the file, of which 1e-5 is 9.99999975e-06.
  @Test("A network of many operators has PyTorch's values in Double")
  func recorded() throws {
    let folder = Recordings.folder("exact")
    let recorded = try JSONDecoder().decode(
      Recorded.self, from: Data(contentsOf: folder.appending(path: "case.json")))
    let network = try Network(contentsOf: folder.appending(path: "model.onnx").path)
    let input = Tensor([1, 3, 16, 16], recorded.input.map { Float($0) })
    let output = network.graph.outputs[0]
    let graph = try ExactGraph(network.graph, input: network.input.name, values: [output])
    var result: Exact?
    let way = try graph.run(input) { _, value in result = value }
    let values = try #require(result)
    for (own, other) in zip(values.scalars, recorded.values) {
      #expect(abs(own - other) < 1e-7, "\(own), PyTorch \(other)")
    }
    var weights = [Double](repeating: 0, count: recorded.values.count)
    weights[recorded.class] = 1
    let gradient = Way.gradient([(try #require(values.way), weights)], to: way)
    #expect(gradient.count == recorded.gradient.count)
    let largest = recorded.gradient.reduce(0) { max($0, abs($1)) }
    for (own, other) in zip(gradient, recorded.gradient) {
      #expect(abs(own - other) < 1e-7 * largest, "\(own), PyTorch \(other)")
    }
  }

  @Test("What is not known is named, and not computed in floats")
  func unknown() throws {
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [1, 4, 4, 4])], outputs: ["z"],
      nodes: [
        Node("Relu", inputs: ["x"], outputs: ["y"]),
        Node("STFT", name: "odd", inputs: ["y"], outputs: ["z"]),
      ])
    let network = Network(graph: graph)
    var random = SplitMix64(seed: 1)
    let input = Tensor.normal([1, 4, 4, 4], using: &random)
    let target = ExactTarget(drawn: "z", [1, 4, 4, 4], seed: 1)
    #expect {
      try ExactComparison(network, input: input, target: target, threads: 1)
    } throws: { error in
      "\(error)".contains("nothing for 1 node:\n  STFT 'odd'")
    }
  }

  @Test("Choices that somebody else made are counted, and taken where that is asked for")
  func choices() throws {
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [1, 1, 1, 4])], outputs: ["z"],
      nodes: [
        Node("Relu", name: "on", inputs: ["x"], outputs: ["y"]),
        Node(
          "MaxPool", name: "pool", inputs: ["y"], outputs: ["z"],
          attributes: ["kernel_shape": .ints([1, 2]), "strides": .ints([1, 2])]),
      ])
    let exact = try ExactGraph(graph, input: "x", values: ["z"])
    #expect(exact.decisive == ["y"])
    // To the other, the first was off and the fourth the larger.
    func gradient(
      follows: Bool, _ others: [Float] = [0, 0, 3, 3.00001]
    ) throws -> ([Double], Decisions) {
      let decisions = Decisions(others: ["y": others], follows: follows)
      var result: Way?
      let input = Tensor([1, 1, 1, 4], [1e-9, -1, 3, 2.99999])
      let way = try exact.run(input, decisions: decisions) { result = $1.way }
      return (Way.gradient([(try #require(result), [1, 1])], to: way), decisions)
    }
    let (own, counted) = try gradient(follows: false)
    #expect(own == [1, 0, 1, 0])
    #expect(counted.made == 6 && counted.different == 2)
    #expect(counted.differing.map(\.node) == ["Relu 'on'", "MaxPool 'pool'"])
    #expect(try gradient(follows: true).0 == [0, 0, 0, 1])
    // Numbers that are wrong, and not the same but for rounding, excuse no choice.
    #expect(try gradient(follows: true, [0, 0, 2, 3]).0 == [1, 0, 1, 0])
  }

  @Test("Roundings that fall the other way are taken alike, and wrong ones are not")
  func roundings() throws {
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [4])], outputs: ["y"],
      nodes: [Node("Round", inputs: ["x"], outputs: ["y"])])
    let exact = try ExactGraph(graph, input: "x", values: ["y"])
    func values(_ others: [Float]) throws -> ([Double], Int) {
      let decisions = Decisions(others: ["y": others], follows: true)
      var values: [Double] = []
      _ = try exact.run(Tensor([4], [0.49999, 1.2, -2.50001, 7]), decisions: decisions) {
        values = $1.scalars
      }
      return (values, decisions.different)
    }
    #expect(try values([1, 1, -2, 7]) == ([1, 1, -2, 7], 2))
    #expect(try values([0, 2, -3, 6]) == ([0, 1, -3, 7], 2))
  }

  @Test("A way of many thousand steps is let go of")
  func longWay() {
    var value: Exact? = Exact([1], [1]).asInput
    for _ in 0..<200_000 { value = value.map { $0 * 1.0 } }
    value = nil
  }
}
