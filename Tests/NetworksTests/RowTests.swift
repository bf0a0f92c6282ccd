import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// A perceptron for pictures as rows of numbers, as scikit-learn's converter writes it.
@Suite struct RowTests {
  private func network() -> Network {
    var random = SplitMix64(seed: 5)
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "X", dimensions: [nil, 16])],
        outputs: ["label", "probabilities"],
        nodes: [
          Node("MatMul", inputs: ["X", "w"], outputs: ["product"]),
          Node("Softmax", inputs: ["product"], outputs: ["softmax"]),
          Node("ArgMax", inputs: ["softmax"], outputs: ["number"], attributes: ["axis": .int(1)]),
          Node("ai.onnx.ml.ArrayFeatureExtractor", inputs: ["names", "number"], outputs: ["name"]),
          Node("Cast", inputs: ["name"], outputs: ["label"], attributes: ["to": .int(7)]),
          Node("ai.onnx.ml.ZipMap", inputs: ["softmax"], outputs: ["probabilities"]),
        ],
        constants: [
          "w": Constant(.normal([16, 3], using: &random)),
          "names": Constant(Tensor([3], [4, 5, 6]), isInteger: true),
        ]))
  }

  @Test("16 numbers are a grey picture of 4×4")
  func picture() throws {
    let network = network().takingPictures()
    #expect(network.form == .row)
    #expect(network.input.dimensions == [nil, 1, 4, 4])
    var random = SplitMix64(seed: 6)
    let x = Tensor.normal([1, 1, 4, 4], using: &random)
    let row = try self.network().plan(inputShape: [1, 16], readings: [Reading("softmax")])
    let plan = try network.plan(inputShape: x.shape, readings: [Reading("softmax")])
    #expect(try plan.forward(x)[0].scalars == row.forward(x.reshaped([1, 16]))[0].scalars)
  }

  @Test("The label comes first, and is not the logits")
  func logits() throws {
    let network = network().takingPictures()
    let shapes = try network.shapes(inputShape: [1, 1, 4, 4])
    let logits = try #require(network.logits(in: shapes))
    #expect(logits.value == "product")
    #expect(logits.count == 3)
  }

  @Test("Other rows are signals", arguments: [4, 15, 17])
  func rows(count: Int) {
    let graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [nil, count])], outputs: ["y"],
      nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])])
    let network = Network(graph: graph).takingPictures()
    #expect(network.form == .signal)
    #expect(network.input.dimensions == [nil, 1, 1, count])
  }

  @Test(
    "A row whose length is a square is a signal where it goes into layers of signals",
    arguments: ["Conv", "STFT", "pictures", "MatMul"])
  func squares(_ type: String) {
    let convolution = { (input: String, weights: String) in
      Node("Conv", inputs: [input, weights], outputs: ["y"])
    }
    let nodes: [Node] =
      switch type {
      case "Conv":
        [
          Node("ReduceMean", inputs: ["x"], outputs: ["mean"]),
          Node("Sub", inputs: ["x", "mean"], outputs: ["even"]),
          Node(
            "Unsqueeze", inputs: ["even"], outputs: ["u"], attributes: ["axes": .ints([1])],
            opset: 11), convolution("u", "window"),
        ]
      case "STFT": [Node("STFT", inputs: ["x", "step", "", "length"], outputs: ["y"])]
      case "pictures":
        [
          Node("Reshape", inputs: ["x", "shape"], outputs: ["u"]), convolution("u", "kernel"),
        ]
      default: [Node("MatMul", inputs: ["x", "dense"], outputs: ["y"])]
      }
    let integers = { (numbers: [Float], shape: Shape) in
      Constant(Tensor(shape, numbers), isInteger: true)
    }
    let graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [1, 400])], outputs: ["y"], nodes: nodes,
      constants: [
        "window": Constant(Tensor([2, 1, 5])), "kernel": Constant(Tensor([2, 1, 3, 3])),
        "dense": Constant(Tensor([400, 3])), "shape": integers([-1, 1, 20, 20], [4]),
        "step": integers([10], []), "length": integers([20], []),
      ])
    let form = Network(graph: graph).takingPictures().form
    #expect(form == (["Conv", "STFT"].contains(type) ? .signal : .row))
  }

  @Test("A scaler takes an offset away from each number before it multiplies")
  func scaler() throws {
    let graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [nil, 2])], outputs: ["y"],
      nodes: [
        Node(
          "ai.onnx.ml.Scaler", inputs: ["x"], outputs: ["y"],
          attributes: ["offset": .floats([1, 2]), "scale": .floats([0.5, 4])])
      ])
    let plan = try Network(graph: graph).plan(inputShape: [1, 2], readings: [Reading("y")])
    #expect(try plan.forward(Tensor([1, 2], [3, 3]))[0].scalars == [1, 4])
    #expect(try plan.backward([Tensor([1, 2], [1, 1])]).scalars == [0.5, 4])
  }

  /// Rows of 60 numbers that become pictures of 4×5 with three channels, gone over by a convolution.
  private func colored(_ extents: [Float], hasChannelsLast: Bool, isOpen: Bool) -> Network {
    let integers = { (numbers: [Float]) in
      Constant(Tensor([numbers.count], numbers), isInteger: true)
    }
    let lookup =
      isOpen
      ? [
        Node("Shape", inputs: ["x"], outputs: ["sides"]),
        Node("Gather", inputs: ["sides", "none"], outputs: ["count"]),
        Node(
          "Concat", inputs: ["count", "rest"], outputs: ["extents"], attributes: ["axis": .int(0)]),
      ] : []
    let turn = Node(
      hasChannelsLast ? "Transpose" : "Identity", inputs: ["r"], outputs: ["p"],
      attributes: hasChannelsLast ? ["perm": .ints([0, 3, 1, 2])] : [:])
    var random = SplitMix64(seed: 7)
    let own = isOpen ? ["rest": integers(extents)] : ["extents": integers([-1] + extents)]
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [isOpen ? nil : 1, 60])], outputs: ["y"],
        nodes: lookup + [
          Node("Reshape", inputs: ["x", "extents"], outputs: ["r"]), turn,
          Node("Conv", inputs: ["p", "w"], outputs: ["y"]),
        ],
        constants: own.merging([
          "w": Constant(.normal([2, 3, 3, 3], using: &random)), "none": integers([0]),
        ]) { $1 }))
  }

  @Test(
    "a row that the graph makes a picture of is that picture", arguments: [false, true],
    [false, true])
  func colors(hasChannelsLast: Bool, isOpen: Bool) throws {
    let extents: [Float] = hasChannelsLast ? [4, 5, 3] : [3, 4, 5]
    let plain = colored(extents, hasChannelsLast: hasChannelsLast, isOpen: isOpen)
    let network = plain.takingPictures()
    #expect(network.form == .row && network.input.dimensions.dropFirst() == [3, 4, 5])
    var random = SplitMix64(seed: 8)
    let x = Tensor.normal([1, 3, 4, 5], using: &random)
    let row = (hasChannelsLast ? x.transposed([0, 2, 3, 1]) : x).reshaped([1, 60])
    func result(_ network: Network, _ x: Tensor) throws -> Tensor {
      try network.plan(
        inputShape: x.shape, readings: [Reading(.value("y"))], feed: .raw, threads: 1
      ).forward(x)[0]
    }
    let expected = try result(plain, row)
    #expect((try result(network, x) - expected).norm <= 1e-5 * expected.norm)
    #expect(try network.fed(row) == x)
    #expect(network.inputAxes.asInFile(x, network.form) == row)
  }

  @Test("a row that becomes something else than what a convolution goes over stays one")
  func heads() {
    let graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [1, 60])], outputs: ["y"],
      nodes: [
        Node("Reshape", inputs: ["x", "extents"], outputs: ["r"]),
        Node("Relu", inputs: ["r"], outputs: ["y"]),
      ],
      constants: ["extents": Constant(Tensor([4], [1, 3, 4, 5]), isInteger: true)])
    #expect(Network(graph: graph).takingPictures().form == .signal)
  }
}
