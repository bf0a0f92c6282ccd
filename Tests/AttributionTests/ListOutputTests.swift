import Attribution
import Graphs
import Networks
import Objectives
import Tensors
import Testing

/// Networks whose last layers have no axis for the batch, as `squeeze()` leaves them, and such without numbers.
@Suite struct ListOutputTests {
  /// A convolution, the mean of each channel, a product, with or without the axis of the batch.
  private static func network(squeezed: Bool, with middle: Node...) -> Network {
    var random = SplitMix64(seed: 3)
    let nodes =
      [Node("Conv", name: "conv", inputs: ["x", "w"], outputs: ["conv"])] + middle + [
        Node("GlobalAveragePool", inputs: [middle.last?.outputs[0] ?? "conv"], outputs: ["pool"]),
        squeezed
          ? Node("Squeeze", inputs: ["pool"], outputs: ["flat"])
          : Node("Flatten", inputs: ["pool"], outputs: ["flat"]),
        Node("MatMul", inputs: ["flat", "m"], outputs: ["scores"]),
        Node("Softmax", inputs: ["scores"], outputs: ["y"], attributes: ["axis": .int(-1)]),
      ]
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["y"], nodes: nodes,
        constants: [
          "w": Constant(.normal([4, 3, 3, 3], using: &random)),
          "m": Constant(.normal([4, 5], using: &random)),
        ]))
  }

  @Test("a list without an axis for the batch has units like any other")
  func units() throws {
    let (list, rows) = (Self.network(squeezed: true), Self.network(squeezed: false))
    let picture = SmallNetwork.picture()
    let shapes = try list.shapes(inputShape: picture.shape)
    let logits = try #require(list.logits(in: shapes))
    #expect(logits.value == "scores" && logits.count == 5 && logits.link == .softmax)
    #expect(try NetworkUnit("3", in: list, shapes: shapes).kind == .logit(3))
    #expect(
      try NetworkUnit("scores:4", in: list, shapes: shapes).kind
        == .channel(layer: "scores", channel: 4))
    #expect(throws: NetworkError.channelOutOfRange(layer: "scores", channel: 5, channels: 5)) {
      try NetworkUnit("scores:5", in: list, shapes: shapes)
    }
    for objective in [Objective.logit(3), .channel("scores", 4), .channel("flat", 2)] {
      for method: any AttributionMethod in [
        InputTimesGradient(), IntegratedGradients(steps: 4), LayerwiseRelevance(.epsilonPlus),
        GradCAM(),
      ] {
        let maps = try [list, rows].map { network in
          try Explained(objective, in: network, inputShape: picture.shape)
            .map(of: picture, by: method)
        }
        #expect(maps[1].norm > 0)
        #expect(relativeError(maps[0], maps[1]) < 1e-6, "\(objective.name) by \(method)")
      }
    }
  }

  @Test("one number a picture without a further axis is one unit")
  func binary() throws {
    var random = SplitMix64(seed: 4)
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3])], outputs: ["y"],
        nodes: [
          Node("MatMul", inputs: ["x", "m"], outputs: ["rows"]),
          Node("Squeeze", inputs: ["rows", "axes"], outputs: ["y"]),
        ],
        constants: [
          "m": Constant(.normal([3, 1], using: &random)),
          "axes": Constant(Tensor([1], [1]), isInteger: true),
        ]))
    let x = Tensor.normal([4, 3], using: &random)
    let explained = Explained(.logit(0), in: network, inputShape: x.shape, feed: .raw)
    let gradient = try explained.gradient(at: x)
    #expect(gradient.shape == x.shape)
    let weights = try #require(network.graph.constants["m"]?.tensor.scalars)
    for place in gradient.scalars.indices { #expect(gradient.scalars[place] == weights[place % 3]) }
    #expect(try explained.values(at: x).count == 4)
  }

  @Test("a value that is no number is an error that names the layer where it begins")
  func notFinite() throws {
    let network = Self.network(
      squeezed: false, with: Node("Log", name: "log", inputs: ["conv"], outputs: ["log"]))
    let picture = SmallNetwork.picture()
    let explained = Explained(.logit(1), in: network, inputShape: picture.shape)
    let error = #expect(throws: NotFiniteError.self) { try explained.finiteValue(at: picture) }
    #expect(error?.diagnosis == .notFinite(layer: "log", weights: false))
    #expect(error?.description.contains("log is the first") == true)
  }
}
