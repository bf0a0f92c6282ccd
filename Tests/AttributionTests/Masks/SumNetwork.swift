import Networks
import Tensors

/// Networks of one scalar whose parts' contributions are known.
enum SumNetwork {
  /// `Σ w x` over a picture of 1×H×W.
  static func linear(_ weights: [Float], height: Int, width: Int) -> Network {
    Network(
      graph: Graph(
        inputs: [.init(name: "x", dimensions: [nil, 1, height, width])], outputs: ["z"],
        nodes: [
          Node("Flatten", inputs: ["x"], outputs: ["row"]),
          Node("MatMul", inputs: ["row", "w"], outputs: ["z"]),
        ], constants: ["w": Constant(Tensor([weights.count, 1], weights))]))
  }

  /// `(Σ w x)²`, in which parts work together.
  static func square(_ weights: [Float], height: Int, width: Int) -> Network {
    var graph = linear(weights, height: height, width: width).graph
    graph.nodes[1].outputs = ["s"]
    graph.nodes.append(Node("Mul", inputs: ["s", "s"], outputs: ["z"]))
    return Network(graph: graph)
  }
}
