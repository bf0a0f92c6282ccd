import Memory
import ONNX
import Tensors
import Testing

@testable import Graphs
@testable import Networks
@testable import Plans

/// Loop, Scan, and lists of values, which are written out where a network is lowered.
@Suite struct LoopTests {
  private static func body(
    _ inputs: [String], _ outputs: [String], _ nodes: [NodeProto]
  ) -> AttributeProto {
    var attribute = AttributeProto()
    attribute.name = "body"
    attribute.type = .graph
    attribute.g.name = "body"
    attribute.g.node = nodes
    attribute.g.input = inputs.map { ValueInfoProto($0, []) }
    attribute.g.output = outputs.map { ValueInfoProto($0, []) }
    return attribute
  }

  private static func node(
    _ type: String, _ inputs: [String], _ outputs: [String], _ attributes: AttributeProto...
  ) -> NodeProto {
    var node = NodeProto(type, inputs, outputs, name: "the \(type.lowercased())")
    node.attribute = attributes
    return node
  }

  private static func network(_ nodes: [NodeProto], _ outputs: [String] = ["y"]) throws -> Network {
    var graph = GraphProto()
    graph.input = [ValueInfoProto("x", [-1, 3, 2, 2])]
    graph.output = outputs.map { ValueInfoProto($0, []) }
    graph.node = nodes
    graph.initializer = [
      ("trips", 3), ("many", 1_000_000_000), ("four", 4), ("axis", 1), ("one", 1),
    ].map { name, value in TensorProto(TensorData(dims: [], integers: [value], name: name)) }
    graph.initializer += [("half", 0.5), ("limit", 60), ("two", 2)].map { name, value in
      TensorProto(TensorData(dims: [], floats: [value], name: name))
    }
    return try Network(try Model(ModelProto(graph: graph, operatorSetVersion: 17)))
  }

  private static let x = Tensor([1, 3, 2, 2], (0..<12).map { Float($0) / 4 - 1 })

  private static func run(
    _ network: Network, _ output: String = "y", at x: Tensor = LoopTests.x
  ) throws -> (value: Tensor, gradient: Tensor) {
    let plan = try network.plan(
      inputShape: x.shape, readings: [Reading(.value(output))], feed: .raw, threads: 1)
    let value = try plan.forward(x)[0]
    let seed = Tensor(value.shape, (0..<value.count).map { 1 + Float($0 % 5) / 8 })
    return (value, try plan.backward([seed]))
  }

  /// What two networks make and hand back is the same but for rounding.
  private static func expect(_ a: Network, _ b: Network, _ output: String = "y") throws {
    let (one, other) = (try run(a, output), try run(b, output))
    #expect(one.value.shape == other.value.shape)
    #expect((one.value - other.value).norm <= 1e-6 * other.value.norm)
    #expect((one.gradient - other.gradient).norm <= 1e-6 * other.gradient.norm)
    #expect(other.gradient.norm > 0)
  }

  /// `s ← tanh(s / 2 + x)`, in which x is of the outside.
  private static func step(_ state: String, _ next: String) -> [NodeProto] {
    [
      NodeProto("Mul", [state, "half"], ["\(next) half"]),
      NodeProto("Add", ["\(next) half", "x"], ["\(next) sum"]),
      NodeProto("Tanh", ["\(next) sum"], [next]),
    ]
  }

  private static let recurrence: NodeProto = node(
    "Loop", ["trips", "", "x"], ["y", "all"],
    body(
      ["trip", "going", "s"], ["on", "next", "next"],
      [NodeProto("Identity", ["going"], ["on"])] + step("s", "next")))

  @Test("a loop is what it is written out, forwards and backwards, and collects along a new axis")
  func loop() throws {
    let loop = try Self.network([Self.recurrence], ["y", "all"])
    let stack = (1...3).map { NodeProto("Unsqueeze", ["s\($0)", "zero"], ["u\($0)"]) }
    var written = Self.step("x", "s1") + Self.step("s1", "s2") + Self.step("s2", "s3") + stack
    written.insert(Self.zero, at: 0)
    written += [
      NodeProto("Concat", ["u1", "u2", "u3"], ["all"], AttributeProto("axis", 0)),
      NodeProto("Identity", ["s3"], ["y"]),
    ]
    let flat = try Self.network(written, ["y", "all"])
    try Self.expect(loop, flat)
    try Self.expect(loop, flat, "all")
  }

  private static let zero: NodeProto = {
    var node = NodeProto("Constant", [], ["zero"])
    node.attribute = [AttributeProto("value_ints", [0])]
    return node
  }()

  @Test("how often it runs may follow from the picture's shape")
  func byShape() throws {
    let network = try Self.network([
      NodeProto("Shape", ["x"], ["shape"]),
      NodeProto("Gather", ["shape", "axis"], ["channels"]),
      Self.node(
        "Loop", ["channels", "", "x"], ["y"],
        Self.body(
          ["trip", "going", "s"], ["going", "next"], [NodeProto("Mul", ["s", "two"], ["next"])])),
    ])
    #expect(try Self.run(network).value == Self.x * 8)
  }

  /// x doubles while its sum is below 60.
  private static let doubling: NodeProto = node(
    "Loop", ["four", "", "x"], ["y"],
    body(
      ["trip", "going", "s"], ["on", "next"],
      [
        NodeProto("Mul", ["s", "two"], ["next"]),
        NodeProto("ReduceSum", ["next"], ["sum"], AttributeProto("keepdims", 0)),
        NodeProto("Less", ["sum", "limit"], ["on"]),
      ]))

  @Test(
    "where it ends by what is seen, what it carries stays what it is from then on",
    arguments: [(9, 2), (4, 2), (2, 4), (1, 8), (0, 16)])
  func byValue(_ number: Int, _ factor: Int) throws {
    let network = try Self.network([Self.doubling])
    let x = Tensor([1, 3, 2, 2], repeating: Float(number))
    let seen = try Self.run(network, at: x)
    #expect(seen.value == x * Float(factor))
    #expect(seen.gradient.scalars[1] == 1.125 * Float(factor))
  }

  @Test(
    "a loop that collects while what is seen ends it is refused: nothing tells its result's shape")
  func collectingByValue() throws {
    var node = Self.doubling
    node.output = ["", "y"]
    node.attribute[0].g.output.append(ValueInfoProto("next", []))
    #expect {
      try Self.run(try Self.network([node]))
    } throws: {
      "\($0)".contains("the loop") && "\($0)".contains("depends on the picture")
    }
  }

  @Test("a branch within a loop goes by its trip; a loop within a loop, by its own")
  func nested() throws {
    let inner = Self.node(
      "Loop", ["trip", "", "s"], ["inner"],
      Self.body(
        ["t", "go", "r"], ["go", "grown"], [NodeProto("Mul", ["r", "two"], ["grown"])]))
    // 0, 1 and 2 doublings: 8 in all, of which the second trip's are thrown away.
    var choice = NodeProto("If", ["isOne"], ["next"])
    choice.attribute = ["s", "inner"].map { name in
      var attribute = Self.body(
        [], ["\(name) out"], [NodeProto("Identity", [name], ["\(name) out"])])
      attribute.name = name == "s" ? "then_branch" : "else_branch"
      return attribute
    }
    let network = try Self.network([
      Self.node(
        "Loop", ["trips", "", "x"], ["y"],
        Self.body(
          ["trip", "going", "s"], ["going", "next"],
          [inner, NodeProto("Equal", ["trip", "one"], ["isOne"]), choice]))
    ])
    let seen = try Self.run(network)
    #expect(seen.value == Self.x * 4)
    #expect(seen.gradient.scalars[0] == 4)
  }

  @Test("a scan carries sums along an axis, from either end")
  func scan() throws {
    let sum = [
      NodeProto("Add", ["s", "part"], ["next"]), NodeProto("Identity", ["next"], ["out"]),
    ]
    for (direction, reverse) in [(0, 0), (1, 1)] {
      let network = try Self.network([
        NodeProto("ReduceSum", ["x", "axes"], ["first"], AttributeProto("keepdims", 0)),
        NodeProto("Mul", ["first", "nothing"], ["start"]),
        Self.node(
          "Scan", ["start", "x"], ["last", "y"], Self.body(["s", "part"], ["next", "out"], sum),
          AttributeProto("num_scan_inputs", 1), AttributeProto("scan_input_axes", [1]),
          AttributeProto("scan_output_axes", [1]),
          AttributeProto("scan_input_directions", [direction]),
          AttributeProto("scan_output_directions", [direction])),
        Self.axes, Self.nothing,
      ])
      let reference = try Self.network([
        NodeProto("CumSum", ["x", "axis"], ["y"], AttributeProto("reverse", reverse))
      ])
      try Self.expect(network, reference)
    }
  }

  private static let axes: NodeProto = {
    var node = NodeProto("Constant", [], ["axes"])
    node.attribute = [AttributeProto("value_ints", [1])]
    return node
  }()

  private static let nothing: NodeProto = {
    var node = NodeProto("Constant", [], ["nothing"])
    node.attribute = [AttributeProto("value_float", Float(0))]
    return node
  }()

  @Test("a list's parts are mapped and put together again, forwards and backwards")
  func lists() throws {
    let network = try Self.network([
      NodeProto("SplitToSequence", ["x", "one"], ["parts"], AttributeProto("axis", 1)),
      Self.node(
        "SequenceMap", ["parts", "half"], ["mapped"],
        Self.body(
          ["part", "factor"], ["out"],
          [NodeProto("Mul", ["part", "factor"], ["m"]), NodeProto("Tanh", ["m"], ["out"])])),
      NodeProto("ConcatFromSequence", ["mapped"], ["y"], AttributeProto("axis", 1)),
    ])
    let flat = try Self.network([
      NodeProto("Mul", ["x", "half"], ["m"]), NodeProto("Tanh", ["m"], ["y"]),
    ])
    try Self.expect(network, flat)
  }

  /// Nodes that never end, or hardly ever, and the word that the error has besides the loop's name.
  private static let endlessNodes: [NodeProto] = [
    node(
      "Loop", ["", "", "x"], ["y"],
      body(["t", "go", "s"], ["go", "next"], [NodeProto("Neg", ["s"], ["next"])])),
    node(
      "Loop", ["many", "", "x"], ["y"],
      body(["t", "go", "s"], ["go", "next"], [NodeProto("Neg", ["s"], ["next"])])),
    node("Loop", ["many", "", "x"], ["y"], body(["t", "go", "s"], ["go", "s"], [])),
    node(
      "Loop", ["many", "", "x"], ["y"],
      body(
        ["t", "go", "s"], ["go", "next"],
        [
          node(
            "Loop", ["many", "", "s"], ["next"],
            body(["u", "on", "r"], ["on", "more"], [NodeProto("Neg", ["r"], ["more"])]))
        ])),
  ]

  @Test("a loop without an end is refused by its name", arguments: endlessNodes.indices)
  func endless(_ index: Int) throws {
    let network = try Self.network([Self.endlessNodes[index]])
    #expect {
      try Self.run(network)
    } throws: {
      "\($0)".contains("'the loop'") && "\($0)".contains("100000 nodes")
    }
  }

  @Test("a loop that is longer than the memory has room for is refused before it is written out")
  func memory() throws {
    let network = try Self.network([Self.endlessNodes[1]])
    #expect {
      try MemoryLimit.$bytes.withValue(1 << 22) { _ = try Self.run(network) }
    } throws: {
      $0 is MemoryError && "\($0)".contains("'the loop', written out,")
    }
  }

  @Test("a list that grows in a loop without an end is refused before it takes gigabytes")
  func endlessList() throws {
    let growing = Self.node(
      "Loop", ["many", "", "empty"], ["list"],
      Self.body(
        ["t", "go", "s"], ["go", "next"],
        [NodeProto("SequenceInsert", ["s", "x"], ["next"], name: "insert")]))
    let network = try Self.network([
      NodeProto("SequenceEmpty", [], ["empty"]), growing,
      NodeProto("SequenceAt", ["list", "one"], ["y"]),
    ])
    #expect {
      try Self.run(network)
    } throws: {
      "\($0)".contains("'insert'") && "\($0)".contains("4000000 values")
    }
  }

  @Test("what a body cannot run is named by itself, and a body that does not fit by its node")
  func refused() throws {
    let strange = Self.node(
      "Loop", ["trips", "", "x"], ["y"],
      Self.body(
        ["t", "go", "s"], ["go", "next"], [NodeProto("Strange", ["s"], ["next"], name: "odd")]))
    #expect {
      try Self.run(try Self.network([strange]))
    } throws: {
      "\($0)".contains("Strange 'odd'")
    }
    let short = Self.node("Loop", ["trips", "", "x"], ["y"], Self.body(["t", "go"], ["go"], []))
    #expect {
      try Self.network([short])
    } throws: {
      "\($0)".contains("the loop") && "\($0)".contains("takes 2 inputs, not 3")
    }
    let outside = NodeProto("SequenceAt", ["parts", "four"], ["y"], name: "the fifth")
    #expect {
      try Self.run(
        try Self.network([
          NodeProto("SplitToSequence", ["x"], ["parts"], AttributeProto("axis", 1)), outside,
        ]))
    } throws: {
      "\($0)".contains("the fifth") && "\($0)".contains("place 4 in a list of 3")
    }
    let reading = NodeProto("Relu", ["parts"], ["y"])
    #expect {
      try Self.run(
        try Self.network([
          NodeProto("SplitToSequence", ["x"], ["parts"], AttributeProto("axis", 1)), reading,
        ]))
    } throws: {
      "\($0)".contains("a list of 3, not one value")
    }
  }
}
