import Graphs
import Tensors
import Testing

@testable import Networks

/// Maps whose pixels channels are made into, as exporters write it that know no DepthToSpace.
@Suite struct BlockChannelTests {
  /// 20 channels on 6×4 places become five classes on 12×8 pixels, their numbers last.
  ///
  /// - Parameters:
  ///   - end: What stands behind the map.
  ///   - isOpen: Whether the batch is looked up while running.
  /// - Returns: The network.
  private static func network(_ end: [Node] = [], isOpen: Bool = false) -> Network {
    var random = SplitMix64(seed: 2)
    func integers(_ numbers: [Float]) -> Constant {
      Constant(Tensor([numbers.count], numbers), isInteger: true)
    }
    func node(
      _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
    ) -> Node { Node(type, inputs: inputs, outputs: [output], attributes: attributes) }
    let lookup =
      isOpen
      ? [
        node("Shape", ["last"], "sides"), node("Gather", ["sides", "none"], "count"),
        node("Concat", ["count", "twelve", "eight", "five"], "whole", ["axis": .int(0)]),
      ] : []
    return Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 12, 8])],
        outputs: [end.last?.outputs[0] ?? "map"],
        nodes: [
          node("Conv", ["x", "w"], "c", ["strides": .ints([2, 2])]),
          node("Transpose", ["c"], "last", ["perm": .ints([0, 2, 3, 1])]),
          node("Reshape", ["last", "blocks"], "b"),
          node("Transpose", ["b"], "t", ["perm": .ints([0, 1, 3, 2, 4, 5])]),
        ] + lookup + [node("Reshape", ["t", "whole"], "map")] + end,
        constants: [
          "w": Constant(.normal([20, 3, 2, 2], using: &random)), "none": integers([0]),
          "blocks": integers([1, 6, 4, 2, 2, 5]), "twelve": integers([12]), "eight": integers([8]),
          "five": integers([5]),
        ].merging(isOpen ? [:] : ["whole": integers([1, 12, 8, 5])]) { $1 }))
  }

  @Test(
    "classes are those of the map as it stands",
    arguments: [
      [], [Node("Softmax", inputs: ["map"], outputs: ["y"], attributes: ["axis": .int(-1)])],
      [Node("ArgMax", inputs: ["map"], outputs: ["y"], attributes: ["axis": .int(3)])],
      [Node("Sigmoid", inputs: ["map"], outputs: ["y"])],
    ], [false, true])
  func classes(_ end: [Node], isOpen: Bool) throws {
    let network = Self.network(end, isOpen: isOpen)
    let shapes = try network.shapes(inputShape: [1, 3, 12, 8])
    let scores = try #require(network.classScores(in: shapes))
    #expect(scores.task == .segmentation && scores.count == 5)
    #expect(scores.heads.map(\.value) == ["map"] && scores.heads.map(\.axis) == [3])
    let layout = try #require(network.layouts(in: shapes)["map"])
    #expect(layout.channels == 5 && layout.grid == .init(width: 8, height: 12))
  }

  @Test("where nothing tells the axis of classes, rows and columns are the picture's")
  func untold() throws {
    // The kind of head that knows nothing of channels: one number after the other.
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 12, 8])], outputs: ["map"],
        nodes: [
          Node("Flatten", inputs: ["x"], outputs: ["f"]),
          Node("Reshape", inputs: ["f", "extents"], outputs: ["map"]),
        ],
        constants: ["extents": Constant(Tensor([4], [1, 6, 4, 12]), isInteger: true)]))
    let shapes = try network.shapes(inputShape: [1, 3, 12, 8])
    let scores = try #require(network.classScores(in: shapes))
    #expect(scores.count == 12 && scores.heads.map(\.axis) == [3])
  }

  @Test("blocks of places are no rows, and the places of each no columns")
  func blocks() throws {
    let integers = { (numbers: [Float]) in
      Constant(Tensor([numbers.count], numbers), isInteger: true)
    }
    let nodes: [(String, [String], String, [Int]?)] = [
      ("Conv", ["x", "w"], "c", nil), ("Transpose", ["c"], "last", [0, 2, 3, 1]),
      ("Reshape", ["last", "cut"], "pieces", nil),
      ("Transpose", ["pieces"], "t", [0, 1, 3, 2, 4, 5]),
      ("Reshape", ["t", "listed"], "blocks", nil), ("MatMul", ["blocks", "m"], "mixed", nil),
    ]
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 3, 12, 8])], outputs: ["mixed"],
        nodes: nodes.map { type, inputs, output, order in
          Node(
            type, inputs: inputs, outputs: [output],
            attributes: order.map { ["perm": .ints($0)] } ?? [:])
        },
        constants: [
          "w": Constant(Tensor([5, 3, 1, 1], repeating: 1)),
          "m": Constant(Tensor([5, 5], repeating: 1)), "cut": integers([1, 3, 4, 2, 4, 5]),
          "listed": integers([1, 6, 16, 5]),
        ]))
    let layouts = network.layouts(in: try network.shapes(inputShape: [1, 3, 12, 8]))
    #expect(layouts["last"]?.grid == .init(width: 8, height: 12))
    for value in ["blocks", "mixed"] {
      #expect(layouts[value]?.channels == 5 && layouts[value]?.grid == nil, "\(value)")
    }
  }
}
