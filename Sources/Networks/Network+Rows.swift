import Graphs

extension Network {
  /// Whether the file takes a row of numbers where `input` is a picture.
  public var takesRow: Bool { graph.nodes.first?.outputs == [Graph.row(input.name)] }

  /// The same network for pictures, where the file takes a row of numbers that can be one: S² of them for
  /// a grey picture of S×S pixels.
  public func takingPictures() -> Network {
    guard let graph = graph.shapingRow() else { return self }
    return Network(
      graph: graph, layers: layers, labels: labels, preprocessing: preprocessing,
      metadata: metadata, producer: producer, opset: opset, path: path, sha256: sha256)
  }
}
