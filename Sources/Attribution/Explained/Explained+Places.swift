import Networks
import Objectives
import Tensors

extension Explained {
  /// Refuses a layer that holds several maps of one picture.
  ///
  /// - Parameter layer: The layer.
  /// - Throws: `ObjectiveError.severalMaps`.
  func checkIsOneMap(_ layer: Reading.Source) throws {
    let value = try network.value(of: layer)
    guard try layouts()[value]?.grid != nil, let shape = try shapes()[value],
      shape[0] != pictureShape[0]
    else { return }
    throw ObjectiveError.severalMaps(layer: layer.title, count: shape[0])
  }

  /// Where the picture's rows and columns lie in what the objective depends on.
  func pictureAxes() throws -> PictureAxes {
    try plans.value("picture axes") {
      let read = try objective.readings.map { try network.value(of: $0.source) }
      return PictureAxes(
        network.graph.needed(for: read), of: network.graph, input: network.input.name,
        shapes: try shapes())
    }
  }

  /// A layer's maps with the picture's rows as rows, where the network has turned them.
  ///
  /// - Parameters:
  ///   - maps: N×C×h×w, as the layer has them.
  ///   - layer: The layer.
  /// - Returns: N×C×h×w, or N×C×w×h turned.
  /// - Throws: `NetworkError` where there is no such layer.
  func upright(_ maps: Tensor, of layer: Reading.Source) throws -> Tensor {
    switch network.form {
    case .signal, .volume: return maps
    default:
      return try pictureAxes().isTurned(network.value(of: layer))
        ? maps.transposed([0, 1, 3, 2]) : maps
    }
  }
}
