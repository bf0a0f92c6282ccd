import Foundation
import Tensors
import TestSupport
import Testing
import Verification

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Layers whose channels come last: tokens of transformers, and maps N×H×W×C.
@Suite struct TokenTests {
  /// 1×3×4×6 → patches of 2×2: 5 channels, 3×2 → tokens after `extra` others → layer norm.
  private static func network(extra: Int = 1) -> Network {
    var random = SplitMix64(seed: 3)
    let graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [1, 3, 4, 6])], outputs: ["norm"],
      nodes: [
        Node(
          "Conv", inputs: ["x", "w"], outputs: ["patches"], attributes: ["strides": .ints([2, 2])]),
        Node("Reshape", inputs: ["patches", "shape"], outputs: ["flat"]),
        Node(
          "Transpose", inputs: ["flat"], outputs: ["turned"],
          attributes: ["perm": .ints([0, 2, 1])]
        ),
        Node(
          "Concat", inputs: ["class", "turned"], outputs: ["tokens"],
          attributes: ["axis": .int(1)]),
        Node(
          "LayerNormalization", inputs: ["tokens", "scale"], outputs: ["norm"],
          attributes: ["axis": .int(-1)]),
      ],
      constants: [
        "w": Constant(.normal([5, 3, 2, 2], using: &random)),
        "shape": Constant(Tensor([3], [0, 5, 6]), isInteger: true),
        "class": Constant(.normal([1, extra, 5], using: &random)),
        "scale": Constant(.normal([5], using: &random)),
      ])
    return Network(graph: graph)
  }

  private static let shape: Shape = [1, 3, 4, 6]

  private func layout(_ layer: String, of network: Network) throws -> LayerLayout {
    try #require(network.layouts(in: network.shapes(inputShape: Self.shape))[layer])
  }

  @Test(
    "a norm that is written out has its channels last, though tokens are mixed right behind it",
    arguments: [[5], [1, 1, 5]] as [Shape])
  func writtenNorm(_ shape: Shape) throws {
    var graph = Self.network(extra: 0).graph
    var random = SplitMix64(seed: 4)
    graph.nodes.removeLast(2)
    graph.constants["scale"] = Constant(.normal(shape, using: &random))
    graph.constants["mixing"] = Constant(.normal([6, 6], using: &random))
    graph.nodes += [
      Node("Mul", inputs: ["turned", "scale"], outputs: ["scaled"]),
      Node("Add", inputs: ["scaled", "scale"], outputs: ["norm"]),
      Node(
        "Transpose", inputs: ["norm"], outputs: ["columns"], attributes: ["perm": .ints([0, 2, 1])]),
      Node("MatMul", inputs: ["columns", "mixing"], outputs: ["mixed"]),
    ]
    graph.outputs = ["mixed"]
    let norm = try layout("norm", of: Network(graph: graph))
    #expect(norm.form == .tokens && norm.channels == 5 && norm.grid?.width == 3)
  }

  @Test("queries are no places of the picture, though they be as many")
  func queries() throws {
    var graph = Self.network(extra: 0).graph
    var random = SplitMix64(seed: 4)
    graph.nodes.removeLast(2)
    graph.constants["queries"] = Constant(.normal([1, 6, 5], using: &random))
    graph.constants["scale"] = Constant(.normal([5], using: &random))
    graph.constants["count"] = Constant(Tensor([1], [6]), isInteger: true)
    graph.nodes += [
      Node("LayerNormalization", inputs: ["turned", "scale"], outputs: ["places"]),
      // Learned ones, which ask for the picture's.
      Node("MatMul", inputs: ["queries", "flat"], outputs: ["scores"]),
      Node("Softmax", inputs: ["scores"], outputs: ["weights"]),
      Node("MatMul", inputs: ["weights", "places"], outputs: ["asked"]),
      Node("Add", inputs: ["queries", "asked"], outputs: ["sum"]),
      Node("LayerNormalization", inputs: ["sum", "scale"], outputs: ["decoded"]),
      // The best of the picture's.
      Node(
        "ReduceMax", inputs: ["places"], outputs: ["largest"],
        attributes: ["axes": .ints([0, 2]), "keepdims": .int(0)], opset: 13),
      Node("TopK", inputs: ["largest", "count"], outputs: ["values", "indices"]),
      Node(
        "Gather", inputs: ["places", "indices"], outputs: ["best"], attributes: ["axis": .int(1)]),
      Node("LayerNormalization", inputs: ["best", "scale"], outputs: ["picked"]),
    ]
    graph.outputs = ["decoded", "picked"]
    let network = Network(graph: graph)
    #expect(try layout("places", of: network).grid?.width == 3)
    for name in ["decoded", "picked"] {
      let layout = try layout(name, of: network)
      #expect(layout.form == .tokens && layout.grid == nil, "\(name)")
    }
  }

  @Test func theGridIsThatOfThePatches() throws {
    let network = Self.network()
    #expect(try layout("patches", of: network).inWords == "5 channels, 3×2")
    #expect(try layout("flat", of: network).grid == nil)
    #expect(try layout("turned", of: network).inWords == "5 channels, 3×2 tokens")
    #expect(try layout("norm", of: network).inWords == "5 channels, 3×2 tokens + class")
    #expect(
      try layout("norm", of: Self.network(extra: 5)).inWords
        == "5 channels, 3×2 tokens + class + 4 more")
  }

  @Test func withoutMapsTheGridHasTheInputsAspect() throws {
    let graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [1, 3, 8, 16])], outputs: ["y"],
      nodes: [
        Node("Reshape", inputs: ["x", "shape"], outputs: ["rows"]),
        Node("MatMul", inputs: ["rows", "w"], outputs: ["tokens"]),
        Node("Concat", inputs: ["c", "tokens"], outputs: ["y"], attributes: ["axis": .int(1)]),
      ],
      constants: [
        "shape": Constant(Tensor([3], [1, 32, 12]), isInteger: true),
        "w": Constant(Tensor([12, 7])), "c": Constant(Tensor([1, 1, 7])),
      ])
    let network = Network(graph: graph)
    let layouts = network.layouts(in: try network.shapes(inputShape: [1, 3, 8, 16]))
    #expect(layouts["y"]?.inWords == "7 channels, 8×4 tokens + class")
  }

  @Test func readingsAreSlicesOfWhatTheGraphHas() throws {
    for extra in [1, 5] {
      let network = Self.network(extra: extra)
      var random = SplitMix64(seed: 9)
      let x = Tensor.normal(Self.shape, using: &random)
      let readings = [
        Reading("norm"), Reading("norm", channels: [3, 1]),
        Reading("norm", channels: [4], as: .grid), Reading("norm", as: .classToken),
        Reading("norm", as: .grid),
      ]
      let plan = try network.plan(inputShape: Self.shape, readings: readings)
      let results = try plan.forward(x)
      let stored = results[0]
      let count = 6 + extra
      #expect(
        results.map(\.shape) == [
          [1, count, 5], [1, 2, count], [1, 1, 2, 3], [1, 5], [1, 5, 2, 3],
        ])
      for token in 0..<count {
        #expect(results[1][0, 0, token] == stored[0, token, 3])
        #expect(results[1][0, 1, token] == stored[0, token, 1])
      }
      for (row, column) in [(0, 0), (0, 2), (1, 0), (1, 2)] {
        let token = extra + row * 3 + column
        #expect(results[2][0, 0, row, column] == stored[0, token, 4])
        #expect(results[4][0, 2, row, column] == stored[0, token, 2])
      }
      #expect(results[3].scalars == (0..<5).map { stored[0, 0, $0] })

      // The gradient of a part is that of the whole with zeros elsewhere.
      var whole = Tensor(stored.shape)
      whole[0, extra + 4, 4] = 1
      var part = Tensor([1, 1, 2, 3])
      part[0, 0, 1, 1] = 1
      let expected = try plan.backward([whole, nil, nil, nil, nil])
      _ = try plan.forward(x)
      #expect(try plan.backward([nil, nil, part, nil, nil]).scalars == expected.scalars)
      #expect(expected.norm > 0)
    }
  }

  @Test func unitsOfTokens() throws {
    let network = Self.network()
    func unit(_ text: String) throws -> NetworkUnit.Kind {
      try NetworkUnit(text, in: network, inputShape: Self.shape).kind
    }
    #expect(try unit("norm:4") == .channel(layer: "norm", channel: 4))
    #expect(try unit("norm:4@2,1") == .neuron(layer: "norm", channel: 4, x: 2, y: 1))
    #expect(try unit("norm:4@class") == .classToken(layer: "norm", channel: 4))
    #expect(throws: NetworkError.channelOutOfRange(layer: "norm", channel: 5, channels: 5)) {
      try unit("norm:5")
    }
    #expect(
      throws: UnitError.positionOutOfRange(x: 3, y: 1, layer: "norm", width: 3, height: 2)
    ) { try unit("norm:4@3,1") }
    #expect(throws: NetworkError.noClassToken(layer: "patches")) { try unit("patches:4@class") }
    let named = NetworkUnit(.classToken(layer: "a.b", channel: 7))
    #expect(named.title == "a.b:7@class")
    #expect(named.fileName == "a.b-7-class")
  }

  @Test("Channels at the end of a map are found through its transposition")
  func mapsWithChannelsLast() throws {
    var builder = GraphBuilder(channels: 3)
    let map = builder.convolution("x", (3, 4), ConvolutionCase(from: 3, to: 4, height: 5, width: 7))
    let turned = builder.add("Transpose", [map], ["perm": .ints([0, 2, 3, 1])])
    let network = Network(graph: builder.graph)
    let layouts = network.layouts(in: try network.shapes(inputShape: [1, 3, 5, 7]))
    #expect(layouts[turned]?.inWords == "4 channels, 7×5")
    let plan = try network.plan(
      inputShape: [1, 3, 5, 7], readings: [Reading(map), Reading(turned, channels: [2, 0])])
    var random = SplitMix64(seed: 1)
    let results = try plan.forward(.normal([1, 3, 5, 7], using: &random))
    #expect(results[1].scalars == results[0].gathered([2, 0], alongAxis: 1).scalars)
  }

  @Test("PyTorch's tokens")
  func golden() throws {
    let golden = try GoldenCase(folder: Recordings.folder("networks/vit-mini"))
    let layer = "encoder.layers.encoder_layer_0"
    let recorded = try golden.recorded("activation_\(layer).pb")
    let plan = try golden.network.plan(
      inputShape: golden.input.shape,
      readings: [
        Reading(layer, channels: [17], as: .grid), Reading(layer, channels: [17], as: .classToken),
      ])
    let results = try plan.forward(golden.input)
    #expect(results[0].shape == [golden.input.shape[0], 1, 4, 4])
    #expect(abs(results[0][0, 0, 2, 1] - recorded[0, 1 + 2 * 4 + 1, 17]) < 1e-5)
    #expect(abs(results[1][0, 0] - recorded[0, 0, 17]) < 1e-5)
  }
}
