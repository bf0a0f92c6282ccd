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

  /// How the map of a layer lies in the picture, where it does not lie over all of it, row by row.
  func placement(of layer: Reading.Source) throws -> MapPlacement? {
    try plans.value("placements") { network.placements(in: try shapes()) }[network.value(of: layer)]
  }

  /// A layer's maps as they lie in the picture, where the network has turned, mirrored, rolled, cut or padded it.
  ///
  /// - Parameters:
  ///   - maps: N×C×h×w, as the layer has them; of a volume's layer with slices N×d×h×w.
  ///   - layer: The layer.
  /// - Returns: The same, or h′×w′ over all of the picture, 0 where the network does not see it.
  /// - Throws: `NetworkError` where there is no such layer.
  func upright(_ maps: Tensor, of layer: Reading.Source) throws -> Tensor {
    var extents = [pictureShape[2], pictureShape[3]]
    if case .volume(let volume) = network.form { extents.insert(volume.depth, at: 0) }
    let placement = try placement(of: layer)
    return placement.map { $0.upright(maps, over: Array(extents.suffix($0.rank))) } ?? maps
  }
}
