public import Tensors

extension Parts {
  /// A picture cut up.
  ///
  /// - Parameter picture: 1×C×H×W; its values count relative to its own range.
  /// - Returns: The parts.
  /// - Throws: `AttributionError.partsOfOtherSize` where given parts do not fit the picture.
  public func partition(of picture: Tensor) throws -> Partition {
    let (height, width) = (picture.shape[2], picture.shape[3])
    switch self {
    case .grid(let rows, let columns):
      return Partition(rows: rows, columns: columns, height: height, width: width)
    case .superpixels(let count): return SLIC(count: count).partition(of: picture)
    case .felzenszwalb:
      throw AttributionError.unknownParts("\(self)")
    case .given(let partition):
      guard partition.height == height, partition.width == width else {
        throw AttributionError.partsOfOtherSize(
          parts: [partition.height, partition.width], picture: [height, width])
      }
      return partition
    }
  }
}
