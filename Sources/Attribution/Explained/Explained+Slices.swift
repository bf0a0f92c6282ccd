import Networks
package import Tensors

extension Explained {
  /// A map of a layer as it lies in the picture, with the slices of a volume apart.
  ///
  /// - Parameters:
  ///   - map: N×1×(d·h)×w, the slices one below the other.
  ///   - layer: The layer.
  /// - Returns: N×d×h×w; of a layer without slices N×1×h×w; as it lies in the picture.
  /// - Throws: Where the network has no such layer; `AttributionError.rowsOfSignal`.
  func inSlices(_ map: Tensor, of layer: Reading.Source) throws -> Tensor {
    try checkIsRow(map, of: layer)
    let depth = try layouts()[network.value(of: layer)]?.grid?.depth ?? 1
    return try upright(
      depth > 1 ? map.reshaped([map.shape[0], depth, map.shape[2] / depth, map.shape[3]]) : map,
      of: layer)
  }

  /// Refuses several rows where a signal is explained: nothing says which axis of the layer is time.
  ///
  /// - Parameters:
  ///   - map: N×C×h×w.
  ///   - layer: The layer that it is of.
  /// - Throws: `AttributionError.rowsOfSignal`.
  func checkIsRow(_ map: Tensor, of layer: Reading.Source) throws {
    guard network.form != .signal || map.shape[2] == 1 else {
      throw AttributionError.rowsOfSignal(layer: layer.title)
    }
  }

  /// Maps brought to the extents of what is fed, with a number for each of its bands.
  ///
  /// - Parameters:
  ///   - maps: N×1×h×w, or N×d×h×w of a volume.
  ///   - pictures: N×C×H×W.
  ///   - slices: What brings slices to so many.
  ///   - enlarge: What brings planes to H×W.
  /// - Returns: N×1×H×W; of a volume N×(C·D)×H×W.
  package func overBands(
    _ maps: Tensor, like pictures: Tensor,
    slices: (Tensor, Int) -> Tensor = { $0.enlarged(depth: $1) },
    _ enlarge: (Tensor) -> Tensor
  ) -> Tensor {
    guard case .volume(let volume) = network.form else { return enlarge(maps) }
    let large = enlarge(slices(maps, volume.depth))
    return large.gathered((0..<pictures.shape[1]).map(volume.slice(ofBand:)), alongAxis: 1)
  }

  /// What has a number for each band with a volume's channels apart from its slices.
  ///
  /// - Parameter bands: N×(C·D)×H×W.
  /// - Returns: N×C×(D·H)×W; what is given where there is no volume.
  func channelsOfSlices(_ bands: Tensor) -> Tensor {
    guard case .volume(let volume) = network.form else { return bands }
    let order = (0..<volume.channels).flatMap { channel in
      (0..<volume.depth).map { volume.band(channel: channel, slice: $0) }
    }
    let shape = bands.shape
    return bands.gathered(order, alongAxis: 1)
      .reshaped([shape[0], volume.channels, volume.depth * shape[2], shape[3]])
  }

  /// Refuses a network of signals or volumes for a method of pictures.
  ///
  /// - Parameters:
  ///   - method: The method, or what it needs.
  ///   - takesSignals: Whether a signal will do.
  /// - Throws: `AttributionError.picturesOnly`.
  func requirePictures(for method: String, orSignals takesSignals: Bool = false) throws {
    switch network.form {
    case .volume: break
    case .signal where !takesSignals: break
    default: return
    }
    throw AttributionError.picturesOnly(method, form: network.form.inWords ?? "")
  }
}
