import Foundation
import Imaging
import Networks
import Portraits
import Tensors

@testable import Galleries

/// A network of one convolution with a rectifier and scores of its means.
///
/// Layers: `edges` (before the rectifier), `relu`, `scores`, and those in between. Channel 5 of `relu` is
/// dead.
enum TinyNetwork {
  static let labels = ["tabby, cat", "dog", "a < b & \"c\"", "lion"]

  static func network(labels: [String] = labels, seed: UInt64 = 1) -> Network {
    var random = SplitMix64(seed: seed)
    var bias = [Float](repeating: 0.1, count: 6)
    bias[5] = -1e6
    let graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [nil, 3, nil, nil])], outputs: ["scores"],
      nodes: [
        Node(
          "Conv", name: "edges", inputs: ["x", "weights", "bias"], outputs: ["edges"],
          attributes: [
            "kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1]),
          ]),
        Node("Relu", name: "relu", inputs: ["edges"], outputs: ["relu"]),
        Node("GlobalAveragePool", name: "pool", inputs: ["relu"], outputs: ["pool"]),
        Node("Flatten", name: "flat", inputs: ["pool"], outputs: ["flat"]),
        Node("MatMul", name: "scores", inputs: ["flat", "classes"], outputs: ["scores"]),
      ],
      constants: [
        "weights": Constant(.normal([6, 3, 3, 3], standardDeviation: 0.3, using: &random)),
        "bias": Constant(Tensor([6], bias)),
        "classes": Constant(.normal([6, 4], using: &random)),
      ])
    return Network(graph: graph, labels: labels)
  }
}

extension GalleryPlan {
  /// The pictures of a plan in which nothing is wrong.
  ///
  /// - Throws: `GalleryPlanError` with all that is.
  func items(in network: Network) throws -> [GalleryItem] {
    var drafting = Drafting(self, network)
    for entry in entries { try drafting.add(entry) }
    let problems = refused + drafting.refused
    guard problems.isEmpty else { throw GalleryPlanError(file: file, problems: problems) }
    return drafting.items
  }
}

extension Gallery {
  /// A gallery of the tiny network.
  static func tiny(
    _ yaml: String, in folder: String, network: Network = TinyNetwork.network(),
    software: String = "visualize 0"
  ) throws -> Gallery {
    let plan = "defaults: {size: 24, steps: 3}\n" + yaml
    return try Gallery(
      GalleryPlan(yaml: plan), network: network, folder: folder,
      provenance: Provenance(software: software, command: "visualize gallery plan.yaml"))
  }
}
