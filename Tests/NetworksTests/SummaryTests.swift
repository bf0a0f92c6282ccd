import Graphs
import Networks
import Tensors
import Testing

@Suite struct SummaryTests {
  /// Two recurrent layers, of which only the last state is read.
  @Test("layers whose first outputs are left out have their own parameters")
  func leftOut() throws {
    func weights(_ shape: Shape) -> Constant { Constant(Tensor(shape, repeating: 0.1)) }
    let network = Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [3, 1, 4])], outputs: ["second"],
        nodes: [
          Node("GRU", inputs: ["x", "a", "b"], outputs: ["", "first"]),
          Node("GRU", inputs: ["first", "c", "d", ""], outputs: ["", "second"]),
        ],
        constants: [
          "a": weights([1, 6, 4]), "b": weights([1, 6, 2]),
          "c": weights([1, 9, 2]), "d": weights([1, 9, 3]),
        ]))
    let summary = try network.summary(inputShape: [3, 1, 4])
    #expect(summary.layers.map(\.layer.name) == ["first", "second"])
    #expect(summary.layers.map(\.parameters) == [36, 45] && summary.parameters == 81)
  }

  @Test("what there is room for is listed where there is none for a result")
  func shortOfMemory() throws {
    let network = Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 4, 4])], outputs: ["y"],
        nodes: [
          Node("Relu", inputs: ["x"], outputs: ["small"]),
          Node("Expand", inputs: ["small", "shape"], outputs: ["y"]),
        ],
        constants: [
          "shape": Constant(Tensor([5], [0x1p20, 0x1p20, 3, 4, 4]), isInteger: true)
        ]))
    let summary = try network.summary(inputShape: [1, 3, 4, 4])
    #expect(summary.layers.map { $0.shape } == [[1, 3, 4, 4], nil])
    let misfit = try #require(summary.misfit)
    #expect("\(misfit)".contains("for which there is no room"))
  }
}
