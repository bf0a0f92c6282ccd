public import Networks
public import Tensors

/// A method that makes one number for each position of a layer.
///
/// Feature maps and tokens alike: tokens are laid on the grid that they stand for, the class token left out.
/// Of several layers maps are fused by `LayerFusion`.
public protocol LayerMap: AttributionMethod {
  /// The layer; `nil`: see `Explained.lastSpatialLayer()`.
  var layer: String? { get }
  /// Whether only what raises the objective is kept.
  var rectified: Bool { get }

  /// The map of pictures, with its signs.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - layer: The layer.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: N×1×h×w, the layer's height and width.
  /// - Throws: `NetworkError`, `ObjectiveError` or `AttributionError`.
  func map(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained,
    progress: (Double) -> Void
  ) throws -> Tensor
}

extension LayerMap {
  /// True: only what raises the objective is kept.
  public var rectified: Bool { true }

  /// Explains pictures at the layer's resolution.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: N×1×h×w, the layer's height and width, of a volume's layer N×d×h×w; neither enlarged nor
  ///   normalized.
  /// - Throws: `NetworkError`; `AttributionError` where no layer can be found or it has no positions.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let signed = try signed(pictures, of: explained, progress)
    return rectified ? signed.map { max($0, 0) } : signed
  }

  /// The map as it lies in the pictures, with its signs.
  fileprivate func signed(
    _ pictures: Tensor, of explained: Explained, _ progress: (Double) -> Void
  ) throws -> Tensor {
    let source = try layer.map { .layer($0) } ?? explained.lastSpatialLayer()
    return try explained.inSlices(
      map(of: pictures, at: source, explained, progress: progress), of: source)
  }
}

extension AttributionMethod {
  /// Explains pictures, and says whether a map of zeros is one that had negative numbers and no positive ones, which the
  /// method drops.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The map, and false of methods that drop nothing.
  /// - Throws: As `attribute(_:of:progress:)`.
  public func attributeTellingDrops(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void = { _ in }
  ) throws -> (map: Tensor, dropsNegative: Bool) {
    var signed: [Tensor] = []
    let map = try attribute(pictures, of: explained, noting: &signed, progress)
    return (
      map, signed.contains { $0.minimum < 0 } && signed.allSatisfy { $0.maximum <= 0 }
    )
  }

  /// Explains pictures, and notes the maps of layers before what is negative was dropped of them.
  private func attribute(
    _ pictures: Tensor, of explained: Explained, noting signed: inout [Tensor],
    _ progress: (Double) -> Void
  ) throws -> Tensor {
    switch self {
    case let map as any LayerMap where map.rectified:
      signed.append(try map.signed(pictures, of: explained, progress))
      return signed[signed.count - 1].map { max($0, 0) }
    case let fusion as LayerFusion:
      var maps: [Tensor] = []
      for (index, method) in fusion.methods.enumerated() {
        maps.append(
          try method.attribute(pictures, of: explained, noting: &signed) {
            progress((Double(index) + $0) / Double(fusion.methods.count))
          })
      }
      return fusion.fused(maps, of: pictures, explained)
    case let guided as GuidedGradCAM:
      let map = try guided.map.attribute(pictures, of: explained, noting: &signed) { _ in }
      return try guided.guided(pictures, by: map, of: explained, progress)
    default: return try attribute(pictures, of: explained, progress: progress)
    }
  }
}
