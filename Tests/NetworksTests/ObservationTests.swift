import Networks
import ONNX
import Tensors
import Testing

/// Layers whose gradients are wanted, or that are the input under another name.
@Suite struct ObservationTests {
  /// A convolution, its rectifier, and what stands after it, on pictures of 3×5×4.
  private func network(_ after: [Node]) -> Network {
    var random = SplitMix64(seed: 6)
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["y"],
        nodes: [
          Node("Identity", inputs: ["x"], outputs: ["same"]),
          Node("Conv", inputs: ["same", "w"], outputs: ["c"]),
          Node("Relu", inputs: ["c"], outputs: ["r"]),
        ] + after,
        constants: [
          "w": Constant(.normal([4, 3, 1, 1], using: &random)),
          "one": Constant(Tensor([4], repeating: 1)), "two": Constant(Tensor([4], repeating: 4)),
        ]))
  }

  @Test("an observed layer stays on the way of a unit that only pools or scales it")
  func narrowing() throws {
    let pool = [Node("GlobalAveragePool", inputs: ["r"], outputs: ["y"])]
    let scale = [
      Node("BatchNormalization", inputs: ["r", "one", "one", "one", "two"], outputs: ["y"])
    ]
    let chain = [
      Node("Sigmoid", inputs: ["r"], outputs: ["s"]),
      Node("Mul", inputs: ["r", "s"], outputs: ["m"]),
      Node("Concat", inputs: ["m", "r"], outputs: ["y"], attributes: ["axis": .int(1)]),
    ]
    var random = SplitMix64(seed: 2)
    let x = Tensor.normal([2, 3, 5, 4], using: &random)
    for (after, channel, kept) in [(pool, 2, 2), (scale, 1, 1), (chain, 3, 3), (chain, 5, 1)] {
      let network = network(after)
      let alone = try network.plan(
        inputShape: x.shape, readings: [Reading("y", channels: [channel])])
      let observing = try network.plan(
        inputShape: x.shape, readings: [Reading("y", channels: [channel])], observing: [.layer("r")]
      )
      #expect(try alone.forward(x) == observing.forward(x))
      let seed = Tensor(alone.outputShapes[0], repeating: 1)
      let difference = try alone.backward([seed]) - observing.backward([seed])
      #expect(difference.norm < 1e-6)
      let gradient = try #require(observing.observedGradient(0))
      #expect(gradient.gathered([kept], alongAxis: 1).norm > 0)
      let others = (0..<4).filter { $0 != kept }
      #expect(gradient.gathered(others, alongAxis: 1).norm == 0)
    }
  }

  @Test("the input under another name is read and observed as what the network receives")
  func aliases() throws {
    let network = network([Node("Flatten", inputs: ["r"], outputs: ["y"])])
    var random = SplitMix64(seed: 2)
    let picture = Tensor.uniform([1, 3, 5, 4], using: &random)
    for feed in [Network.Feed.raw, .picture(.caffe)] {
      let plan = try network.plan(
        inputShape: picture.shape, readings: [Reading("y"), Reading("same")], feed: feed,
        observing: [.layer("same")])
      let read = try plan.forward(picture)[1]
      let gradient = try plan.backward([Tensor(plan.outputShapes[0], repeating: 1), nil])
      let observed = try #require(plan.observedGradient(0))
      guard case .picture = feed else {
        #expect(read == picture)
        #expect((observed - gradient).norm < 1e-6 * gradient.norm)
        continue
      }
      // BGR in 0…255 less a mean.
      let mean = Tensor([1, 3, 1, 1], [104, 117, 123])
      #expect((read - (picture.gathered([2, 1, 0], alongAxis: 1) * 255 - mean)).norm < 1e-3)
      let expected = (observed * 255).gathered([2, 1, 0], alongAxis: 1)
      #expect((gradient - expected).norm < 1e-5 * gradient.norm)
    }
  }

  @Test(
    "an input that is convolved and added as it is gets both gradients", arguments: [3, 16, 20])
  func residualInput(channels: Int) throws {
    var random = SplitMix64(seed: 8)
    let weights = Tensor.normal([channels, channels, 1, 1], using: &random)
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, channels, nil, nil])], outputs: ["y"],
        nodes: [
          Node("Conv", inputs: ["x", "w"], outputs: ["c"]),
          Node("Relu", inputs: ["c"], outputs: ["r"]),
          Node("Conv", inputs: ["r", "w"], outputs: ["d"]),
          Node("Add", inputs: ["d", "x"], outputs: ["y"]),
        ], constants: ["w": Constant(weights)]))
    let x = Tensor.normal([1, channels, 4, 5], using: &random)
    let plan = try network.plan(inputShape: x.shape, readings: [Reading("y")], feed: .raw)
    _ = try plan.forward(x)
    let seed = Tensor.normal(x.shape, using: &random)
    let gradient = try plan.backward([seed])
    /// W times a column of channels, or Wᵀ times it.
    func product(_ v: [Double], transposed: Bool) -> [Double] {
      (0..<channels).map { i in
        (0..<channels).reduce(0) {
          $0 + Double(transposed ? weights[$1, i, 0, 0] : weights[i, $1, 0, 0]) * v[$1]
        }
      }
    }
    func column(_ t: Tensor) -> [Double] { (0..<channels).map { Double(t[0, $0, 2, 3]) } }
    let inner = zip(
      product(column(x), transposed: false), product(column(seed), transposed: true)
    ).map { $0 > 0 ? $1 : 0 }
    let expected = zip(product(inner, transposed: true), column(seed)).map { $0 + $1 }
    for (value, expected) in zip(column(gradient), expected) {
      #expect(abs(value - expected) < 1e-5 * Double(channels * channels))
    }
  }

  @Test("pictures are what is fed, unless raw input is asked for by name")
  func feeds() throws {
    var network = network([Node("Flatten", inputs: ["r"], outputs: ["y"])])
    network = try network.overriding(metadata: ["input.range": "0,255"])
    func read(_ feed: Network.Feed?, _ x: Tensor) throws -> Tensor {
      let readings = [Reading("same")]
      let plan =
        try feed.map { try network.plan(inputShape: x.shape, readings: readings, feed: $0) }
        ?? network.plan(inputShape: x.shape, readings: readings)
      return try plan.forward(x)[0]
    }
    let picture = Tensor([1, 3, 1, 1], [0, 0.5, 1])
    #expect(try read(nil, picture).scalars == [0, 127.5, 255])
    #expect(try read(.picture(), picture).scalars == [0, 127.5, 255])
    #expect(try read(.raw, picture).scalars == [0, 0.5, 1])
    #expect(try read(.picture(Preprocessing(rangeUpper: 2)), picture).scalars == [0, 1, 2])
  }

  @Test("the logits are read without a layer's name")
  func logits() throws {
    let network = network([
      Node("GlobalAveragePool", inputs: ["r"], outputs: ["p"]),
      Node("Flatten", inputs: ["p"], outputs: ["z"]),
      Node("Softmax", inputs: ["z"], outputs: ["y"]),
    ])
    var random = SplitMix64(seed: 2)
    let x = Tensor.normal([1, 3, 5, 4], using: &random)
    let plan = try network.plan(
      inputShape: x.shape, readings: [Reading(.logits, channels: [3]), Reading("z"), Reading("y")])
    let results = try plan.forward(x)
    #expect(results[0][0, 0] == results[1][0, 3])
    #expect(results[0][0, 0] != results[2][0, 3])
    #expect(throws: NetworkError.channelOutOfRange(layer: "logits", channel: 4, channels: 4)) {
      try network.plan(inputShape: x.shape, readings: [Reading(.logits, channels: [4])])
    }
  }

  @Test("a value of the graph is read as it is where a layer of its name is another")
  func names() throws {
    // As some exporters do it: the output "y" has the name of the node that makes "z".
    var graph = GraphProto()
    graph.input = [ValueInfoProto("x", [1, 2])]
    graph.output = [ValueInfoProto("y", [1, 2])]
    graph.node = [
      NodeProto("Neg", ["x"], ["z"], name: "y"), NodeProto("Exp", ["z"], ["y"], name: "last"),
    ]
    let network = try Network(Model(ModelProto(graph: graph, metadata: [])))
    let x = Tensor([1, 2], [1, 2])
    let plan = try network.plan(
      inputShape: x.shape,
      readings: [Reading(.logits), Reading(.value("y")), Reading(.value("z")), Reading("y")])
    let results = try plan.forward(x)
    #expect(results[0] == results[1] && abs(results[0][0, 1] - 0.1353353) < 1e-6)
    #expect(results[2].scalars == [-1, -2] && results[3] == results[0])
  }
}
