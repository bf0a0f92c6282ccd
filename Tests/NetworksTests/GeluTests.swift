import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

@Suite struct GeluTests {
  /// `x · ½ (1 + erf(x / √2))` in the orders that exporters write.
  private static func graph(order: Int, divisor: Float = Float(2).squareRoot()) -> Graph {
    var nodes = [
      Node("Div", inputs: ["x", "root"], outputs: ["scaled"]),
      Node("Erf", inputs: ["scaled"], outputs: ["erf"]),
      Node("Add", inputs: ["erf", "one"], outputs: ["bell"]),
    ]
    switch order {
    case 0:  // PyTorch's old exporter: (x · bell) · ½
      nodes += [
        Node("Mul", inputs: ["x", "bell"], outputs: ["product"]),
        Node("Mul", inputs: ["product", "half"], outputs: ["y"]),
      ]
    case 1:  // its new one: x · (½ · bell)
      nodes += [
        Node("Mul", inputs: ["half", "bell"], outputs: ["product"]),
        Node("Mul", inputs: ["x", "product"], outputs: ["y"]),
      ]
    default:  // TensorFlow: (½ · x) · bell
      nodes += [
        Node("Mul", inputs: ["half", "x"], outputs: ["product"]),
        Node("Mul", inputs: ["product", "bell"], outputs: ["y"]),
      ]
    }
    return Graph(
      inputs: [Graph.Input(name: "x", dimensions: [1, 6])], outputs: ["y"], nodes: nodes,
      constants: [
        "root": Constant(Tensor(divisor)), "one": Constant(Tensor(1)),
        "half": Constant(Tensor(0.5)),
      ])
  }

  @Test(arguments: 0..<3)
  func itIsOneNodeThatComputesTheSame(order: Int) throws {
    let network = Network(graph: Self.graph(order: order))
    #expect(network.graph.needed(for: ["y"]).map(\.type) == ["Gelu"])
    let x = Tensor([1, 6], [-3, -1, -0.1, 0, 0.5, 4])
    let plan = try network.plan(inputShape: x.shape, readings: [Reading("y")])
    let y = try plan.forward(x)[0]
    // SciPy: x · norm.cdf(x).
    let expected: [Float] = [
      -0.004049694, -0.15865526, -0.04601722, 0, 0.34573123, 3.9998733,
    ]
    for (a, b) in zip(y.scalars, expected) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func anotherScaleIsSomethingElse() {
    let graph = Self.graph(order: 0, divisor: 1.5).recognizingActivations()
    #expect(graph.nodes.map(\.type).contains("Gelu") == false)
  }
}
