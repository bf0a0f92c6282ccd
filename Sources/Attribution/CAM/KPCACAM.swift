#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
public import Networks
public import Tensors

/// The first kernel principal component of a layer's positions.
///
/// As Eigen-CAM, with the sigmoid kernel `tanh(x·y / C + 1)` of positions in place of their product, centred.
/// The sign is the one by which the farthest position is positive, as in scikit-learn.
///
/// Source: Karmani et al., "KPCA-CAM: Visual Explainability of Deep Computer Vision Models Using Kernel PCA",
/// 2024.
public struct KPCACAM: LayerMap {
  /// The layer; `nil`: see `Explained.lastSpatialLayer()`.
  public var layer: String?
  /// Whether only what is positive is kept.
  public var rectified: Bool

  /// The kernel's matrix has a row and a column for each position: 134 MB at most.
  private static let mostPositions = 4096

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - layer: The layer; `nil`: see `Explained.lastSpatialLayer()`.
  ///   - rectified: Whether only what is positive is kept.
  public init(layer: String? = nil, rectified: Bool = true) {
    self.layer = layer
    self.rectified = rectified
  }

  /// The component of each picture.
  public func map(
    of pictures: Tensor, at layer: Reading.Source, _ explained: Explained,
    progress: (Double) -> Void
  ) throws -> Tensor {
    let maps = try explained.activation(of: layer, at: pictures)
    let positions = maps.shape[2] * maps.shape[3]
    guard positions <= Self.mostPositions else {
      throw AttributionError.tooManyPositions(
        layer: layer.title, positions: positions, most: Self.mostPositions)
    }
    let components = try (0..<maps.shape[0]).map(reporting: progress) { sample, _ in
      let one = maps.gathered([sample], alongAxis: 0)
      let component = Self.component(PositionRows(one))
      let sign = component.signOfFarthest
      return Tensor([1, 1, one.shape[2], one.shape[3]], component.map { Float(sign * $0) })
    }
    return Tensor.concatenate(components)
  }

  /// The projections on the first component of the centred kernel.
  private static func component(_ rows: PositionRows) -> [Double] {
    let n = rows.count
    var kernel = rows.products()
    let gamma = 1 / Double(rows.channels)
    for i in kernel.indices { kernel[i] = tanh(gamma * kernel[i] + 1) }
    let means = (0..<n).map { row in kernel[row * n..<(row + 1) * n].reduce(0, +) / Double(n) }
    let mean = means.reduce(0, +) / Double(n)
    for row in 0..<n {
      for column in 0..<n { kernel[row * n + column] += mean - means[row] - means[column] }
    }
    let pair = leadingEigenpair(order: n) { kernel.times($0) }
    return pair.vector.map { $0 * max(pair.value, 0).squareRoot() }
  }
}

extension [Double] {
  /// The product of a square matrix, rows after rows, and a vector.
  fileprivate func times(_ vector: [Double]) -> [Double] {
    let n = vector.count
    return withUnsafeBufferPointer { matrix in
      vector.withUnsafeBufferPointer { vector in
        (0..<n).map { row in
          var sum = 0.0
          for column in 0..<n { sum += matrix[row * n + column] * vector[column] }
          return sum
        }
      }
    }
  }
}

extension RegisteredMethod {
  static let kpcaCAM = layerMap(
    "kpca-cam", "what a layer sees: its first component under a sigmoid kernel"
  ) { KPCACAM(layer: $0) }
}
