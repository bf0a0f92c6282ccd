import Tensors
import Testing

@testable import Graphs
@testable import Networks

/// What files say of the pictures that they expect.
@Suite struct PreprocessingTests {
  @Test(
    "what a key cannot be is told, with the key, the value and what it must be",
    arguments: [
      ("input.color", "CMYK", "RGB, BGR or gray"), ("input.range", "0..255", "black and white"),
      ("input.range", "1,1", "black and white"), ("input.mean", "1,x", "a number a channel"),
      ("input.std", "0", "a positive number"), ("input.mean", "1,2", "one for each of the 3"),
    ])
  func mistakes(key: String, value: String, expected: String) throws {
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["y"],
        nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])]))
    let error = #expect(throws: MetadataError.self) {
      try network.overriding(metadata: [key: value])
    }
    let text = "\(try #require(error))"
    #expect(text.contains("\(key) is “") && text.contains(expected), "\(text)")
  }

  @Test("what is said is laid over what the graph tells")
  func over() throws {
    let bytes = Preprocessing(rangeUpper: 255)
    let said = try Preprocessing(metadata: ["input.color": "bgr"], over: bytes)
    #expect(said == Preprocessing(color: .bgr, rangeUpper: 255))
    #expect(try Preprocessing(metadata: ["labels": "cat"], over: bytes) == nil)
  }

  private static func graph(
    _ nodes: [(type: String, constant: Float?)], isInteger: Bool = false
  ) -> Graph {
    var graph = Graph(
      inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil], isInteger: isInteger)],
      outputs: ["y"], nodes: [])
    var last = "x"
    for (place, (type, constant)) in nodes.enumerated() {
      var inputs = [last]
      if let constant {
        graph.constants["c\(place)"] = Constant(Tensor([3, 1, 1], repeating: constant))
        inputs.append("c\(place)")
      }
      last = "v\(place)"
      graph.nodes.append(Node(type, inputs: inputs, outputs: [last]))
    }
    graph.outputs = [last]
    return graph
  }

  @Test("the range follows from the input's type and from what is done to it first")
  func range() {
    func upper(_ nodes: [(type: String, constant: Float?)], isInteger: Bool = false) -> Float? {
      Self.graph(nodes, isInteger: isInteger).preparation?.preprocessing.rangeUpper
    }
    #expect(upper([("Relu", nil)]) == nil)
    #expect(upper([("Cast", nil), ("Relu", nil)], isInteger: true) == 255)
    #expect(upper([("Cast", nil), ("Div", 255)]) == 255)
    #expect(upper([("Mul", 1 / 255)]) == 255)
    #expect(upper([("Mul", 1 / 127.5), ("Sub", 1)]) == 255)
    #expect(upper([("Sub", 123.7), ("Div", 58)]) == 255)
    #expect(upper([("Sub", 0.485), ("Div", 0.229)]) == 1)
    #expect(upper([("Mul", 2), ("Sub", 1)]) == 1)
    #expect(upper([("Mul", 2)]) == nil)
    #expect(upper([("Sigmoid", nil), ("Div", 255)]) == nil)
  }

  /// What a file says that divides by 255 and takes ImageNet's means off, with nodes before that.
  private static func colors(
    _ nodes: [Node], then last: String, means: [Float] = [0.485, 0.456, 0.406],
    isLast: Bool = false,
    divides: Bool = true
  ) -> Preprocessing? {
    var graph = Graph(
      inputs: [.init(name: "x", dimensions: isLast ? [1, 8, 8, 3] : [1, 3, 8, 8])], outputs: ["y"],
      nodes: nodes)
    let shape: Shape = isLast && nodes.allSatisfy { $0.type != "Transpose" } ? [3] : [3, 1, 1]
    graph.constants = [
      "bytes": Constant(Tensor(255)), "means": Constant(Tensor(shape, means)),
      "order": Constant(Tensor([3], [2, 1, 0]), isInteger: true),
      "one": Constant(Tensor([1], [1]), isInteger: true),
      "three": Constant(Tensor([1], [3]), isInteger: true),
      "minus one": Constant(Tensor([1], [-1]), isInteger: true),
      "least": Constant(Tensor([1], [-100]), isInteger: true),
      "0": Constant(Tensor([1], [0]), isInteger: true),
      "2": Constant(Tensor([1], [2]), isInteger: true),
    ]
    graph.nodes += [
      Node("Shape", inputs: [last], outputs: ["extents"]),
      divides
        ? Node("Div", inputs: [last, "bytes"], outputs: ["d"])
        : Node("Identity", inputs: [last], outputs: ["d"]),
      Node("Sub", inputs: ["d", "means"], outputs: ["m"]),
      Node("Relu", inputs: ["m"], outputs: ["y"]),
    ]
    return graph.preparation?.preprocessing
  }

  @Test("the order of channels follows from ImageNet's means, behind whatever turns it around")
  func channelOrder() {
    let (rgb, bgr) = (Preprocessing(rangeUpper: 255), Preprocessing(color: .bgr, rangeUpper: 255))
    let reversed: [Float] = [0.406, 0.456, 0.485]
    let caffe: [Float] = [103.939, 116.779, 123.68]
    #expect(Self.colors([], then: "x") == rgb)
    #expect(Self.colors([], then: "x", means: reversed) == bgr)
    #expect(Self.colors([], then: "x", means: caffe, divides: false) == bgr)
    #expect(Self.colors([], then: "x", means: [0.3, 0.5, 0.4]) == rgb)
    let gather = Node(
      "Gather", inputs: ["x", "order"], outputs: ["t"], attributes: ["axis": .int(1)])
    #expect(Self.colors([gather], then: "t") == bgr)
    #expect(Self.colors([gather], then: "t", means: caffe, divides: false) == rgb)
    let slice = Node(
      "Slice", inputs: ["x", "minus one", "least", "one", "minus one"], outputs: ["t"])
    #expect(Self.colors([slice], then: "t") == bgr)
    let rest = Node("Slice", inputs: ["x", "one", "least", "one", "minus one"], outputs: ["t"])
    #expect(Self.colors([rest], then: "t") == nil)
    // Mirrored, and its channels as they were.
    let mirror = Node(
      "Slice", inputs: ["x", "minus one", "least", "three", "minus one"], outputs: ["t"])
    #expect(Self.colors([mirror], then: "t") == rgb)
    #expect(Self.colors([mirror], then: "t", isLast: true) == bgr)
    let split = Node(
      "Split", inputs: ["x"], outputs: ["r", "g", "b"], attributes: ["axis": .int(1)])
    func joined(_ parts: [String]) -> Node {
      Node("Concat", inputs: parts, outputs: ["t"], attributes: ["axis": .int(1)])
    }
    #expect(Self.colors([split, joined(["b", "g", "r"])], then: "t") == bgr)
    #expect(Self.colors([split, joined(["r", "g", "b"])], then: "t") == rgb)
    #expect(Self.colors([split, joined(["g", "b", "r"])], then: "t") == rgb)
    let picked = ["0", "one", "2"].map { place in
      Node(
        "Gather", inputs: ["x", place], outputs: ["c\(place)"], attributes: ["axis": .int(1)])
    }
    #expect(Self.colors(picked + [joined(["c2", "cone", "c0"])], then: "t") == bgr)
    // Of pictures with their channels last, turned on the way.
    let turned = [
      Node(
        "Transpose", inputs: ["x"], outputs: ["n"], attributes: ["perm": .ints([0, 3, 1, 2])]),
      Node("Gather", inputs: ["n", "order"], outputs: ["t"], attributes: ["axis": .int(1)]),
    ]
    #expect(Self.colors(turned, then: "t", isLast: true) == bgr)
  }

  @Test("names of classes as Python and JSON write them")
  func names() {
    #expect(PythonLiteral.texts("{0: 'cat', 1: \"dog's\", 2: 'a, b'}") == ["cat", "dog's", "a, b"])
    #expect(PythonLiteral.texts(#"{"1": "dog", "0": "c\"at"}"#) == ["c\"at", "dog"])
    #expect(PythonLiteral.texts("['cat', 'dog',]") == ["cat", "dog"])
    #expect(PythonLiteral.texts("{2: 'x'}") == ["", "", "x"])
    #expect(PythonLiteral.texts("{}") == [])
    #expect(PythonLiteral.texts("{0: 'cat'") == nil)
    #expect(PythonLiteral.texts("{99999999: 'cat'}") == nil)
    #expect(PythonLiteral.texts("cat") == nil)
  }

  @Test("pictures that go through together are kept apart, or not")
  func apart() throws {
    func isApart(_ nodes: [Node], _ constants: [String: Constant] = [:]) throws -> Bool {
      let graph = Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["y"], nodes: nodes,
        constants: constants)
      return try Network(graph: graph).keepsPicturesApart(
        inputShape: [2, 3, 4, 4], readings: [Reading(.value("y"))], feed: .raw, threads: 1)
    }
    let axes = ["axes": Constant(Tensor([1], [0]), isInteger: true)]
    #expect(try isApart([Node("Relu", inputs: ["x"], outputs: ["y"])]))
    // By running it: a product of two values tells nothing by itself.
    let square = [
      Node("Flatten", inputs: ["x"], outputs: ["f"]),
      Node(
        "Einsum", inputs: ["f", "f"], outputs: ["y"], attributes: ["equation": .string("ni,ni->ni")]
      ),
    ]
    #expect(try isApart(square))
    let mean = [
      Node("ReduceMean", inputs: ["x", "axes"], outputs: ["m"]),
      Node("Sub", inputs: ["x", "m"], outputs: ["y"]),
    ]
    #expect(try !isApart(mean, axes))
    let softmax = [Node("Softmax", inputs: ["x"], outputs: ["y"], attributes: ["axis": .int(0)])]
    #expect(try !isApart(softmax))
    let turned = [
      Node("Transpose", inputs: ["x"], outputs: ["t"], attributes: ["perm": .ints([1, 0, 2, 3])]),
      Node(
        "Reshape", inputs: ["t"], outputs: ["y"], attributes: ["shape": .ints([2, 3, 4, 4])],
        opset: 4),
    ]
    #expect(try !isApart(turned))
  }
}
