import Graphs
import Networks
import Tensors
import Testing
import Visualization

@testable import Portraits

/// What a command says of a unit finds that unit again.
@Suite struct UnitArgumentTests {
  private static let labels = [
    "zero", "a:b", "1", "crane", "crane", "x-y", "hot dog, frankfurter", "edges", "0-1",
    "all logits",
    "11", "say \"hi\"", "3:10 to Yuma", "Zero point", "3", "logit 2", "crane", "16, sixteen",
  ]

  private func network() -> Network {
    let count = Self.labels.count
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [1, 3, 8, 8])], outputs: ["scores"],
        nodes: [
          Node("Conv", name: "edges", inputs: ["x", "w"], outputs: ["edges"]),
          Node("GlobalAveragePool", name: "pool", inputs: ["edges"], outputs: ["pool"]),
          Node("Flatten", name: "flat", inputs: ["pool"], outputs: ["flat"]),
          Node("MatMul", name: "scores", inputs: ["flat", "v"], outputs: ["scores"]),
        ],
        constants: [
          "w": Constant(Tensor([4, 3, 3, 3], repeating: 1)),
          "v": Constant(Tensor([4, count], repeating: 1)),
        ]), labels: Self.labels)
  }

  @Test(
    "every class's argument names that class alone, on the command line and within an objective")
  func classes() throws {
    let network = network()
    let shapes = try network.shapes(inputShape: [1, 3, 8, 8])
    let selection = UnitSelection(network: network, shapes: shapes)
    for index in Self.labels.indices {
      let unit = network.unit(.logit(index), of: .classes)
      let argument = unit.argument(in: network)
      #expect(try selection.one(argument) == unit, "\(argument)")
      let expression = try ObjectiveExpression("-\(argument.quotedForExpression)")
      #expect(try expression.units(in: network, shapes: shapes) == [unit], "\(argument)")
    }
    #expect(network.unit(.logit(1), of: .classes).argument(in: network) == "\"a:b\"")
    // Label 14 is `3`, a name of label 17 is `16`, and three classes are cranes.
    #expect(network.unit(.logit(4), of: .classes).argument(in: network) == "4")
    for index in [3, 16] {
      #expect(network.unit(.logit(index), of: .classes).argument(in: network) == "logit \(index)")
    }
    #expect(try selection.units("2-4") == [2, 3, 4].map { network.unit(.logit($0), of: .classes) })
    let layer = NetworkUnit(.channel(layer: "edges", channel: 2))
    #expect(try selection.one(layer.argument(in: network)) == layer)
  }

  @Test("several units where one is meant are counted")
  func several() throws {
    let network = network()
    let selection = UnitSelection(
      network: network, shapes: try network.shapes(inputShape: [1, 3, 8, 8]))
    for (text, count) in [("edges:0-2", 3), ("edges:all", 4)] {
      let error = try #require(throws: SeveralUnitsError.self) { try selection.one(text) }
      #expect("\(error)".contains("`\(text)` stands for \(count)"))
    }
  }
}
