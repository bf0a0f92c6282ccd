import Graphs
import Networks
import Tensors
import Testing

/// Operators whose results are as long as the picture makes them.
@Suite struct CountingTests {
  @Test(
    "what is counted in a picture is refused by name; what stands before it runs",
    arguments: ["NonZero", "Unique", "NonMaxSuppression", "Compress"])
  func refused(type: String) throws {
    let inputs = ["Compress": ["c", "g"], "NonMaxSuppression": ["g", "g"]][type] ?? ["g"]
    let network = Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [1, 1, 2, 2])], outputs: ["y"],
        nodes: [
          Node("Conv", inputs: ["x", "w"], outputs: ["c"]),
          Node("Greater", inputs: ["c", "zero"], outputs: ["g"]),
          Node(type, name: "counts", inputs: inputs, outputs: ["y"]),
        ],
        constants: [
          "w": Constant(Tensor([1, 1, 1, 1], [2])), "zero": Constant(Tensor(0)),
        ]))
    let error = #expect(throws: NetworkError.self) {
      try network.plan(inputShape: [1, 1, 2, 2], readings: [Reading(.value("y"))], feed: .raw)
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("counts") && text.contains("depends on the picture, by 'g'"), "\(text)")
    let plan = try network.plan(
      inputShape: [1, 1, 2, 2], readings: [Reading(.value("c"))], feed: .raw)
    #expect(try plan.forward(Tensor([1, 1, 2, 2], [1, -1, 0, 3]))[0].scalars == [2, -2, 0, 6])
  }
}
