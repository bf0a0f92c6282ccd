public import Networks
import Tensors

/// A network of one convolution of 4 channels, and the scores of their means.
///
/// - Parameters:
///   - channels: What it takes; nil: any number.
///   - side: The height and width that the file fixes.
/// - Returns: The network; its classes are cat, dog and hot dog.
public func smallNetwork(channels: Int? = 3, side: Int? = nil) -> Network {
  var random = SplitMix64(seed: 1)
  return Network(
    graph: Graph(
      inputs: [Graph.Input(name: "x", dimensions: [nil, channels, side, side])],
      outputs: ["scores"],
      nodes: [
        Node(
          "Conv", name: "edges", inputs: ["x", "weights"], outputs: ["edges"],
          attributes: ["kernel_shape": .ints([3, 3])]),
        Node("GlobalAveragePool", name: "pool", inputs: ["edges"], outputs: ["pool"]),
        Node("Flatten", name: "flat", inputs: ["pool"], outputs: ["flat"]),
        Node("MatMul", name: "scores", inputs: ["flat", "classes"], outputs: ["scores"]),
      ],
      constants: [
        "weights": Constant(
          .normal([4, channels ?? 3, 3, 3], standardDeviation: 0.3, using: &random)),
        "classes": Constant(.normal([4, 3], using: &random)),
      ]), labels: ["cat", "dog", "hot dog"])
}
