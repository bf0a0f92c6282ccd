import Graphs
import Networks
import Tensors
import Testing

/// Networks with inputs beside the picture.
@Suite struct SeveralInputTests {
  private let network = Network(
    graph: Graph(
      inputs: [
        Graph.Input(name: "mask", dimensions: [1, 1, 2, 2]),
        Graph.Input(name: "image", dimensions: [nil, 3, 2, 2]),
        Graph.Input(name: "count", dimensions: [nil], isInteger: true),
      ], outputs: ["y", "z"],
      nodes: [
        Node("Mul", inputs: ["image", "mask"], outputs: ["y"]),
        Node("Add", inputs: ["image", "image"], outputs: ["z"]),
      ]))

  private func shown(_ name: String) -> Network {
    var graph = network.graph
    graph.picture = name
    return Network(graph: graph)
  }

  @Test("the picture is the first with four extents, or the one that is named")
  func picture() {
    #expect(network.input.name == "mask")
    #expect(shown("image").input.name == "image" && shown("count").input.name == "count")
  }

  @Test("what is not given is refused by name, and only where it is read")
  func missing() throws {
    let network = shown("image")
    let error = try #require(throws: NetworkError.self) {
      try network.plan(inputShape: [1, 3, 2, 2], readings: [Reading(.value("y"))])
    }
    #expect(
      "\(error)"
        == "beside the picture 'image' the network needs the input 'mask' (1×1×2×2), and nothing "
        + "says what it is")
    _ = try network.plan(inputShape: [1, 3, 2, 2], readings: [Reading(.value("z"))])
  }

  @Test("a number stands for all extents, a list for as many, a tensor for itself")
  func given() throws {
    let x = Tensor([1, 3, 2, 2], (0..<12).map(Float.init))
    let values: [Tensor] = [
      Tensor([1], [2]), Tensor([4], [1, 2, 3, 4]), Tensor([1, 1, 2, 2], [1, 2, 3, 4]),
    ]
    for (value, factors) in zip(values, [[2, 2, 2, 2], [1, 2, 3, 4], [1, 2, 3, 4]] as [[Float]]) {
      let network = try shown("image").giving(["mask": value])
      let plan = try network.plan(
        inputShape: x.shape, readings: [Reading(.value("y"))], feed: .raw)
      let expected = x.scalars.enumerated().map { $1 * factors[$0 % 4] }
      #expect(try plan.forward(x)[0].scalars == expected)
      #expect(network.otherInputs.map(\.name) == ["count"])
    }
  }

  @Test(
    "what an input cannot be is said",
    arguments: [
      ("mask", [3], "'mask' is 1×1×2×2, and what is given is 3"), ("image", [1], "is the picture"),
      ("count", [1], "'count' is any, whole numbers, and 0.5 is none"),
      ("maks", [1], "there is no input 'maks'; the network has mask, image, count"),
    ] as [(String, [Int], String)])
  func wrong(name: String, shape: [Int], message: String) throws {
    let error = try #require(throws: NetworkError.self) {
      try shown("image").giving([name: Tensor(Shape(shape), repeating: name == "count" ? 0.5 : 1)])
    }
    #expect("\(error)".contains(message))
  }
}
