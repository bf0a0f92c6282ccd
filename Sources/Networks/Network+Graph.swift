public import Graphs

extension Network {
  /// Creates a network from operations put together by hand; every node's results are its layers, under
  /// the names that the graph gives them.
  public init(
    graph: Graph, labels: [String] = [], preprocessing: Preprocessing? = nil
  ) {
    self.init(
      graph: graph.recognized(),
      layers: graph.nodes.flatMap { node in
        node.outputs.filter { !$0.isEmpty }.map { Layer(name: $0, value: $0, type: node.type) }
      },
      labels: labels, preprocessing: preprocessing, metadata: [:], producer: "", opset: 18,
      path: "", sha256: "")
  }
}
