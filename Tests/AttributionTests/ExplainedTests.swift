import Attribution
import Autodiff
import Graphs
import Networks
import Objectives
import Tensors
import Testing

@Suite struct ExplainedTests {
  let network = SmallNetwork.convolutional()

  /// A function of two layers and of the picture, which no unit is.
  static let own = Objective("own", reading: [Reading("logits"), Reading("c", channels: [3, 5])]) {
    let (logits, channels) = ($0[Reading("logits")], $0[Reading("c", channels: [3, 5])])
    return square(logits).sum() + square(channels).mean() - 0.1 * square($0.picture).sum()
  }

  @Test("an objective of one's own: every picture has its value and its gradient")
  func closures() throws {
    let pictures = SmallNetwork.picture(samples: 3)
    let explained = Explained(Self.own, in: network, inputShape: pictures.shape)
    let values = try explained.values(at: pictures)
    let gradients = try explained.gradient(at: pictures)
    var random = SplitMix64(seed: 9)
    for sample in 0..<3 {
      let picture = pictures.gathered([sample], alongAxis: 0)
      let value = try explained.values(at: picture)[0]
      #expect(abs(values[sample] - value) < 1e-5 * abs(value))
      let gradient = try explained.gradient(at: picture)
      #expect(relativeError(gradients.gathered([sample], alongAxis: 0), gradient) < 1e-5)
      let direction = Tensor.normal(picture.shape, using: &random)
      let step: Float = 1e-3
      let ends = try explained.values(
        at: Tensor.concatenate([picture + direction * step, picture - direction * step]))
      let slope = (ends[0] - ends[1]) / (2 * step)
      // Central differences of a function with kinks, in Float.
      #expect(abs(slope - Tensor.dot(gradient, direction)) < 2e-2 * abs(slope))
    }
  }

  @Test("what reads no network is explained as well")
  func penalties() throws {
    let picture = SmallNetwork.picture()
    let gradient = try Gradient().attribute(picture, to: .l1(center: 0), in: network)
    #expect(gradient == picture.map { $0 > 0 ? 1 : -1 })
  }

  @Test("activation and gradient of layers, beside each other and whatever is read after them")
  func responses() throws {
    let pictures = SmallNetwork.picture(samples: 2)
    let explained = Explained(.logit(2), in: network, inputShape: pictures.shape)
    let layers = ["b", "e", "h", "i"]
    let responses = try explained.responses(of: layers.map { .layer($0) }, at: pictures)
    let fourth = try #require(network.graph.constants["fourth"]).tensor
    for (layer, response) in zip(layers, responses) {
      let stored = try SmallNetwork.read(layer, of: network, at: pictures)
      #expect(response.activation.scalars == stored.scalars, "\(layer)")
      #expect(response.hasPositions == (layer != "i"), "\(layer)")
    }
    let row = fourth.gathered([2], alongAxis: 0)
    for response in responses.suffix(2) {
      #expect(response.gradient.shape == [2, 18, 1, 1])
      let gradient = response.gradient.reshaped([2, 18])
      #expect(relativeError(gradient, Tensor.concatenate([row, row])) < 1e-6)
    }
    #expect(throws: AttributionError.unconnected(layer: "logits")) {
      try Explained(.channel("c", 0), in: network, inputShape: pictures.shape)
        .response(of: "logits", at: pictures)
    }
  }

  @Test("many pictures: in batches or one by one, in order, with a part left over")
  func batches() throws {
    let pictures = (0..<7).map { SmallNetwork.picture(seed: $0) }
    let explained = Explained(.logit(1), in: network, inputShape: pictures[0].shape)
    let expected = try pictures.map { try explained.values(at: $0)[0] }
    for batch in [1, 3, 7, 20] {
      var reported: [Double] = []
      let values = try explained.values(of: 7, batch: batch, progress: { reported.append($0) }) {
        pictures[$0]
      }
      for (value, expected) in zip(values, expected) {
        #expect(abs(value - expected) < 1e-5 * abs(expected))
      }
      #expect(reported == reported.sorted() && reported.last == 1)
    }
    #expect(try explained.values(of: 0) { pictures[$0] } == [])
  }

  @Test(
    "a graph with a batch of 1 written into it takes pictures one by one",
    arguments: SmallNetwork.methods)
  func singly(method: RegisteredMethod) throws {
    let network = SmallNetwork.singly()
    let pictures = SmallNetwork.picture(samples: 2)
    #expect(throws: NetworkError.self) {
      try network.plan(inputShape: pictures.shape, readings: [Reading(.logits)])
    }
    let map = try method.method().attribute(pictures, to: .logit(1), in: network)
    #expect(map.shape[0] == 2 && map.norm > 0)
    if method.isRandom { return }  // the noise goes on from sample to sample
    for sample in 0..<2 {
      let alone = try method.method().attribute(
        pictures.gathered([sample], alongAxis: 0), to: .logit(1), in: network)
      #expect(relativeError(map.gathered([sample], alongAxis: 0), alone) < 1e-5)
    }
  }

  @Test("a cancelled task explains no further")
  func cancellation() async throws {
    let network = network
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try Occlusion().attribute(SmallNetwork.picture(), to: .logit(1), in: network)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("a value within an activation that is computed in one is told by that")
  func within() throws {
    var random = SplitMix64(seed: 1)
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 8, 8])], outputs: ["y"],
        nodes: [
          Node("Conv", name: "c", inputs: ["x", "w"], outputs: ["c"]),
          Node("Sigmoid", name: "gate", inputs: ["c"], outputs: ["gate"]),
          Node("Mul", name: "swish", inputs: ["c", "gate"], outputs: ["swish"]),
          Node("Neg", name: "n", inputs: ["swish"], outputs: ["n"]),
          Node("Min", name: "min", inputs: ["n", "zero"], outputs: ["min"]),
          Node("Neg", name: "relu", inputs: ["min"], outputs: ["relu"]),
          Node("Conv", name: "y", inputs: ["relu", "v"], outputs: ["y"]),
        ],
        constants: [
          "w": Constant(.normal([4, 3, 1, 1], using: &random)),
          "v": Constant(.normal([2, 4, 1, 1], using: &random)), "zero": Constant(Tensor(0)),
        ]))
    let picture = Tensor.uniform([1, 3, 8, 8], using: &random)
    let explained = Explained(.channel("y", 0), in: network, inputShape: picture.shape)
    for (value, whole) in [("gate", "swish"), ("n", "relu"), ("min", "relu")] {
      let error = try #require(throws: AttributionError.self) {
        try explained.response(of: .value(value), at: picture)
      }
      #expect(error == .within(layer: value, whole: whole), "\(error)")
      #expect(error.description.contains("take layer \(whole)"))
    }
    #expect(try explained.response(of: "relu", at: picture).gradient.norm > 0)
  }
}
