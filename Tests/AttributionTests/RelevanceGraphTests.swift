import Attribution
import Networks
import Objectives
import Tensors
import Testing

/// What LRP makes of graphs and objectives, whatever its rules.
@Suite struct RelevanceGraphTests {
  @Test("nodes that only rename or rearrange the input pass relevance on", arguments: [0, 1, 2])
  func aliases(kind: Int) throws {
    var random = SplitMix64(seed: 4)
    let dense = Tensor.normal([60, 3], using: &random)
    let x = Tensor.normal([2, 3, 5, 4], using: &random)
    let first: [[Node]] = [
      [Node("Flatten", inputs: ["x"], outputs: ["f"])],
      [
        Node("Identity", inputs: ["x"], outputs: ["i"]),
        Node("Flatten", inputs: ["i"], outputs: ["f"]),
      ],
      [
        Node(
          "Transpose", inputs: ["x"], outputs: ["t"], attributes: ["perm": .ints([0, 2, 3, 1])]),
        Node("Flatten", inputs: ["t"], outputs: ["f"]),
      ],
    ]
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, 5, 4])], outputs: ["z"],
        nodes: first[kind] + [Node("MatMul", inputs: ["f", "dense"], outputs: ["z"])],
        constants: ["dense": Constant(dense)]))
    let map = try LayerwiseRelevance(.epsilonPlus).attribute(x, to: .logit(1), in: network)
    // Of a linear network without biases, ε gives every product of input and weight.
    let expected = try InputTimesGradient().attribute(x, to: .logit(1), in: network)
    #expect(map.norm > 0)
    #expect(relativeError(map, expected) < 1e-4)
  }

  @Test(
    "a concatenation that names a value twice adds what comes back to both places; a constant's part is lost",
    arguments: [["x", "x"], ["x", "c", "x"], ["c", "x"]])
  func concatenations(parts: [String]) throws {
    var random = SplitMix64(seed: 6)
    let x = Tensor.normal([1, 3, 5, 4], using: &random)
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 3, 5, 4])], outputs: ["z"],
        nodes: [
          Node("Concat", inputs: parts, outputs: ["all"], attributes: ["axis": .int(1)]),
          Node("Flatten", inputs: ["all"], outputs: ["f"]),
          Node("MatMul", inputs: ["f", "dense"], outputs: ["z"]),
        ],
        constants: [
          "dense": Constant(.normal([60 * parts.count, 3], using: &random)),
          "c": Constant(.normal([1, 3, 5, 4], using: &random)),
        ]))
    let map = try LayerwiseRelevance(.epsilonPlus).attribute(x, to: .logit(1), in: network)
    let expected = try InputTimesGradient().attribute(x, to: .logit(1), in: network)
    #expect(map.norm > 0)
    #expect(relativeError(map, expected) < 1e-4)
  }

  @Test(
    "a map that is enlarged to a size computed of shapes, as segmenters do, passes what it passes at a constant size"
  )
  func computedSizes() throws {
    var random = SplitMix64(seed: 5)
    let weights: [String: Constant] = [
      "w": Constant(.normal([4, 3, 3, 3], using: &random)),
      "first": Constant(Tensor([1], [0]), isInteger: true),
      "third": Constant(Tensor([1], [2]), isInteger: true),
      "last": Constant(Tensor([1], [4]), isInteger: true),
      "sizes": Constant(Tensor([4], [1, 4, 8, 6]), isInteger: true),
    ]
    let convolution = Node(
      "Conv", inputs: ["x", "w"], outputs: ["c"],
      attributes: ["strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1])])
    let computed = [
      Node("Shape", inputs: ["x"], outputs: ["of x"]),
      Node("Shape", inputs: ["c"], outputs: ["of c"]),
      Node("Slice", inputs: ["of x", "third", "last"], outputs: ["rows and columns"]),
      Node("Slice", inputs: ["of c", "first", "third"], outputs: ["channels"]),
      Node(
        "Concat", inputs: ["channels", "rows and columns"], outputs: ["sizes"],
        attributes: ["axis": .int(0)]),
    ]
    let end = [
      Node("Relu", inputs: ["c"], outputs: ["r"]),
      Node(
        "Resize", inputs: ["r", "", "", "sizes"], outputs: ["y"],
        attributes: ["mode": .string("linear")]),
    ]
    let x = Tensor.normal([1, 3, 8, 6], using: &random)
    let maps = try [computed, []].map { middle in
      let network = Network(
        graph: Graph(
          inputs: [.init(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["y"],
          nodes: [convolution] + middle + end,
          constants: middle.isEmpty ? weights : weights.filter { $0.key != "sizes" }))
      return try LayerwiseRelevance(.epsilonPlus).attribute(x, to: .channel("y", 1), in: network)
    }
    #expect(maps[0].norm > 0 && maps[0] == maps[1])
  }

  @Test("the relevance of a sum of units is the sum of theirs, whatever the layers")
  func sums() throws {
    let network = SmallNetwork.convolutional()
    let pictures = SmallNetwork.picture(samples: 2)
    let method = LayerwiseRelevance(.epsilonGammaBox(-4...4))
    func map(_ objective: Objective) throws -> Tensor {
      try method.attribute(pictures, to: objective, in: network)
    }
    let parts: [Objective] = [.logit(1), .channel("c", 4), .neuron("c", 7, y: 2, x: 3)]
    let whole = try map(parts[0] + parts[1] + parts[2])
    #expect(relativeError(whole, try parts.map(map).reduce(Tensor(whole.shape), +)) < 1e-4)
    let difference = try map(.logit(1) - .logit(3))
    #expect(relativeError(difference, try map(.logit(1)) - map(.logit(3))) < 1e-4)
  }

  @Test("what does not follow in proportion from what is read cannot be shared out")
  func notShareable() {
    let network = SmallNetwork.convolutional()
    let picture = SmallNetwork.picture()
    let direction = [Float](repeating: 1, count: 20)
    for objective: Objective in [
      .cosine("c", direction), .l1(), .logit(0) - 0.1 * .totalVariation(),
    ] {
      #expect(throws: AttributionError.notShareable(objective.name)) {
        try LayerwiseRelevance(.epsilonPlus).attribute(picture, to: objective, in: network)
      }
    }
  }

  @Test("what is kept for the next picture does not show in it")
  func repeated() throws {
    let network = SmallNetwork.branched()
    let (one, two) = (SmallNetwork.picture(seed: 1), SmallNetwork.picture(seed: 2))
    let method = LayerwiseRelevance(.epsilonAlpha2Beta1)
    let explained = Explained(.logit(2), in: network, inputShape: one.shape)
    let first = try explained.map(of: one, by: method)
    let second = try explained.map(of: two, by: method)
    #expect(try explained.map(of: one, by: method) == first)
    #expect(try method.attribute(two, to: .logit(2), in: network) == second)
  }
}
