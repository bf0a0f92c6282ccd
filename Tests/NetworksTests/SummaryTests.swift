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
}
