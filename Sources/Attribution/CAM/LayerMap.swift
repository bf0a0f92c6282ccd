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
    let source = try source(in: explained)
    let map = try map(of: pictures, at: source, explained, progress: progress)
    let slices = try explained.inSlices(map, of: source)
    return rectified ? slices.map { max($0, 0) } : slices
  }

  private func source(in explained: Explained) throws -> Reading.Source {
    try layer.map { .layer($0) } ?? explained.lastSpatialLayer()
  }

  /// The smallest and the largest number of the map of pictures before what is negative is dropped.
  fileprivate func signedExtremes(at pictures: Tensor, of explained: Explained) throws -> [Float] {
    guard rectified else { return [] }
    let map = try map(of: pictures, at: source(in: explained), explained) { _ in }
    return [map.minimum, map.maximum]
  }
}

extension AttributionMethod {
  /// Whether a map of zeros is one that had negative numbers and no positive ones, which the method drops.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  /// - Returns: False for methods that drop nothing.
  /// - Throws: As `attribute(_:of:progress:)`.
  public func dropsNegative(at pictures: Tensor, of explained: Explained) throws -> Bool {
    let extremes = try droppedExtremes(at: pictures, of: explained)
    return (extremes.min() ?? 0) < 0 && (extremes.max() ?? 0) <= 0
  }

  private func droppedExtremes(at pictures: Tensor, of explained: Explained) throws -> [Float] {
    switch self {
    case let map as any LayerMap: try map.signedExtremes(at: pictures, of: explained)
    case let fusion as LayerFusion:
      try fusion.methods.flatMap { try $0.droppedExtremes(at: pictures, of: explained) }
    case let guided as GuidedGradCAM:
      try guided.map.droppedExtremes(at: pictures, of: explained)
    default: []
    }
  }
}
