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

  /// Whether the rows of a layer are the picture's columns.
  func isTurned(_ layer: Reading.Source) throws -> Bool {
    try plans.value("turned") { network.turnedValues(in: try shapes()) }
      .contains(network.value(of: layer))
  }

  /// A layer's maps with the picture's rows as rows, where the network has turned them.
  ///
  /// - Parameters:
  ///   - maps: N×C×h×w, as the layer has them.
  ///   - layer: The layer.
  /// - Returns: N×C×h×w, or N×C×w×h turned.
  /// - Throws: `NetworkError` where there is no such layer.
  func upright(_ maps: Tensor, of layer: Reading.Source) throws -> Tensor {
    try isTurned(layer) ? maps.transposed([0, 1, 3, 2]) : maps
  }
}
