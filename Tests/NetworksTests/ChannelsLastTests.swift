import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Files whose pictures are N×H×W×C, as TensorFlow has them.
@Suite struct ChannelsLastTests {
  /// What is done to a picture of 3 channels: range and mean, a convolution, the mean of each channel.
  private static func network(
    channelsLast: Bool, dimensions: [Int?]? = nil, bands: Int = 3
  ) -> Network {
    var random = SplitMix64(seed: 5)
    var nodes = [
      Node("Mul", inputs: ["x", "scale"], outputs: ["scaled"]),
      Node("Sub", inputs: ["scaled", "mean"], outputs: ["less"]),
    ]
    if channelsLast {
      nodes.append(
        Node(
          "Transpose", inputs: ["less"], outputs: ["turned"],
          attributes: ["perm": .ints([0, 3, 1, 2])]))
    }
    nodes += [
      Node("Conv", inputs: [channelsLast ? "turned" : "less", "w"], outputs: ["conv"]),
      Node("GlobalAveragePool", inputs: ["conv"], outputs: ["pool"]),
      Node("Flatten", inputs: ["pool"], outputs: ["logits"]),
    ]
    let mean = (0..<bands).map { Float(1 << $0) }
    let graph = Graph(
      inputs: [
        Graph.Input(
          name: "x",
          dimensions: dimensions ?? (channelsLast ? [nil, nil, nil, 3] : [nil, 3, nil, nil]))
      ],
      outputs: ["logits"], nodes: nodes,
      constants: [
        "scale": Constant(Tensor(255)),
        "mean": Constant(Tensor(channelsLast ? [bands] : [1, bands, 1, 1], mean)),
        "w": Constant(.normal([4, bands, 3, 3], using: &random)),
      ])
    return Network(graph: graph)
  }

  @Test func picturesAndGradientsAreThoseOfChannelsFirst() throws {
    let (last, first) = (Self.network(channelsLast: true), Self.network(channelsLast: false))
    #expect(last.isChannelsLast && !first.isChannelsLast)
    #expect(last.input.dimensions == [nil, 3, nil, nil])
    let shape: Shape = [2, 3, 7, 5]
    var random = SplitMix64(seed: 2)
    let x = Tensor.uniform(shape, using: &random)
    let results = try [last, first].map { network in
      let plan = try network.plan(
        inputShape: shape, readings: [Reading("logits", channels: [1])],
        feed: .picture(.tensorflow))
      let value = try plan.forward(x)[0]
      return (value, try plan.backward([Tensor(value.shape, repeating: 1)]))
    }
    #expect(results[0].0.scalars == results[1].0.scalars)
    #expect(results[0].1.scalars == results[1].1.scalars)
    #expect(results[0].1.norm > 0)
  }

  @Test("What the file has as N×H×W×C can still be read so")
  func valuesBeforeTheTransposition() throws {
    let network = Self.network(channelsLast: true)
    var random = SplitMix64(seed: 2)
    let x = Tensor.uniform([1, 3, 4, 4], using: &random)
    let plan = try network.plan(inputShape: x.shape, readings: [Reading("less")])
    let result = try plan.forward(x)[0]
    #expect(result.shape == [1, 4, 4, 3])
    #expect(abs(result[0, 1, 2, 0] - (x[0, 0, 1, 2] * 255 - 1)) < 1e-4)
  }

  @Test("any number of bands may come last, where the graph turns them, of more rows and columns")
  func bands() {
    for bands in [2, 4, 6, 13] {
      for dimensions in [[1, 16, 18, bands], [nil, nil, nil, bands]] {
        let network = Self.network(channelsLast: true, dimensions: dimensions, bands: bands)
        #expect(network.isChannelsLast && network.input.dimensions[1] == bands)
      }
      let first = Self.network(
        channelsLast: false, dimensions: [1, bands, 16, bands], bands: bands)
      #expect(!first.isChannelsLast)
    }
  }

  @Test func whatTheGraphDoesOutweighsTheExtents() {
    #expect(Self.network(channelsLast: true, dimensions: [1, 3, 3, 3]).isChannelsLast)
    #expect(!Self.network(channelsLast: false, dimensions: [1, 3, 3, 3]).isChannelsLast)
    #expect(!Self.network(channelsLast: false, dimensions: [1, nil, 8, 3]).isChannelsLast)
  }
}
