import Graphs
import Networks
import Portraits
import Tensors
import Testing

/// Boxes that NonMaxSuppression chooses of.
@Suite struct ChosenBoxTests {
  /// A detector of two classes at three places of a 64×64 picture; it looks at nothing.
  private static func network(_ box: [Float], isCentered: Bool) -> Network {
    func number(_ value: Float) -> Constant { Constant(Tensor([1], [value])) }
    let rows = Tensor([1, 3, 4], box + [1, 1, 2, 2, 5, 5, 9, 9])
    // Logits, classes × places: the first place shows the second class.
    let logits = Tensor([1, 2, 3], [-9, -9, -9, 4, -9, -9])
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 64, 64])], outputs: ["chosen"],
        nodes: [
          Node("ReduceMean", inputs: ["x"], outputs: ["mean"], attributes: ["keepdims": .int(0)]),
          Node("Mul", inputs: ["mean", "zero"], outputs: ["nothing"]),
          Node("Add", inputs: ["rows", "nothing"], outputs: ["boxes"]),
          Node("Add", inputs: ["logits", "nothing"], outputs: ["raw"]),
          Node("Sigmoid", inputs: ["raw"], outputs: ["scores"]),
          Node(
            "NonMaxSuppression", inputs: ["boxes", "scores", "most"], outputs: ["chosen"],
            attributes: ["center_point_box": .int(isCentered ? 1 : 0)]),
        ],
        constants: [
          "zero": number(0), "rows": Constant(rows), "logits": Constant(logits),
          "most": Constant(Tensor([1], [5]), isInteger: true),
        ]))
  }

  @Test(
    "centres are centres, and which corner comes first is said to be a guess",
    arguments: [
      ([45, 12, 30, 16], true, [30, 4, 60, 20]), ([4, 30, 20, 60], false, [4, 30, 20, 60]),
      // Corners may come in any order.
      ([60, 20, 30, 4], false, [30, 4, 60, 20]),
    ] as [([Float], Bool, [Float])])
  func order(box: [Float], isCentered: Bool, edges: [Float]) throws {
    let network = Self.network(box, isCentered: isCentered)
    let shapes = try network.shapes(inputShape: [1, 3, 64, 64])
    let scores = try #require(network.classScores(in: shapes))
    #expect(scores.count == 2 && scores.places == 3)
    let found = try network.detections(
      in: Tensor([1, 3, 64, 64]), scores: scores, shapes: shapes, feed: .raw, threads: 1)
    let one = try #require(found.first)
    #expect(found.count == 1 && one.index == 1 && one.place == 0)
    let own = [one.box.left, one.box.top, one.box.right, one.box.bottom]
    #expect(own == edges.map { $0 / 64 })
    #expect((one.guess?.contains("x, y, x, y") ?? false) == !isCentered)
  }

  @Test(
    "what queries are made of is no box: only four numbers, or those that scores are joined with")
  func queries() throws {
    func network(_ nodes: [Node], _ outputs: [String]) -> Network {
      var random = SplitMix64(seed: 3)
      return Network(
        graph: Graph(
          inputs: [Graph.Input(name: "x", dimensions: [1, 3, 16, 16])], outputs: outputs,
          nodes: [
            Node("Flatten", inputs: ["x"], outputs: ["row"]),
            Node("MatMul", inputs: ["row", "v"], outputs: ["list"]),
            Node("Reshape", inputs: ["list", "queries"], outputs: ["hidden"]),
            Node("MatMul", inputs: ["hidden", "w"], outputs: ["logits"]),
            Node(
              "Softmax", inputs: ["logits"], outputs: ["classes"], attributes: ["axis": .int(2)]),
          ] + nodes,
          constants: [
            "v": Constant(.normal([768, 200], using: &random)),
            "queries": Constant(Tensor([3], [1, 10, 20]), isInteger: true),
            "w": Constant(.normal([20, 6], using: &random)),
            "b": Constant(.normal([20, 4], using: &random)),
            "h": Constant(.normal([20, 2], using: &random)), "low": Constant(Tensor(0.01)),
            "high": Constant(Tensor(0.99)),
            "m": Constant(.normal([20, 64], using: &random)),
            "masks": Constant(Tensor([4], [1, 10, 8, 8]), isInteger: true),
          ]))
    }
    func hasBoxes(_ network: Network) throws -> Bool {
      let shapes = try network.shapes(inputShape: [1, 3, 16, 16])
      let scores = try #require(network.classScores(in: shapes))
      return network.hasBoxes(of: scores, in: shapes)
    }
    let box = Node("MatMul", inputs: ["hidden", "b"], outputs: ["boxes"])
    let mask = [
      Node("MatMul", inputs: ["hidden", "m"], outputs: ["flat"]),
      Node("Reshape", inputs: ["flat", "masks"], outputs: ["y"]),
    ]
    #expect(try hasBoxes(network([box], ["classes", "boxes"])))
    let joined = Node(
      "Concat", inputs: ["boxes", "classes"], outputs: ["y"], attributes: ["axis": .int(2)])
    #expect(try hasBoxes(network([box, joined], ["y"])))
    // Scores may be kept within bounds or made larger before they are joined with a box in halves.
    for change in [
      Node("Clip", inputs: ["classes", "low", "high"], outputs: ["changed"]),
      Node("Sqrt", inputs: ["classes"], outputs: ["changed"]),
      Node("Identity", inputs: ["classes"], outputs: ["changed"]),
    ] {
      let parts = [
        Node("MatMul", inputs: ["hidden", "h"], outputs: ["middle"]),
        Node("MatMul", inputs: ["hidden", "h"], outputs: ["size"]), change,
        Node(
          "Concat", inputs: ["middle", "size", "changed"], outputs: ["y"],
          attributes: ["axis": .int(2)]),
      ]
      #expect(try hasBoxes(network(parts, ["y"])), "\(change.type)")
    }
    // A mask for each, and no box.
    #expect(try !hasBoxes(network(mask, ["classes", "y"])))
  }
}
