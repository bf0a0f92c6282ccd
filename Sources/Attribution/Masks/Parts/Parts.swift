public import Tensors

/// How a picture is cut into parts.
public enum Parts: Sendable, Hashable {
  /// Cells as even as can be.
  case grid(rows: Int, columns: Int)
  /// About so many patches of like colour (SLIC).
  case superpixels(Int)
  /// The parts that are given.
  case given(Partition)
}

extension Parts {
  /// A picture cut up.
  ///
  /// - Parameter picture: 1×C×H×W; its values count relative to its own range.
  /// - Returns: The parts.
  /// - Throws: `AttributionError` where the picture cannot be cut so.
  public func partition(of picture: Tensor) throws -> Partition {
    let (height, width) = (picture.shape[2], picture.shape[3])
    switch self {
    case .grid(let rows, let columns):
      return Partition(rows: rows, columns: columns, height: height, width: width)
    case .superpixels(let count): return SLIC(count: count).partition(of: picture)
    case .given(let partition):
      guard partition.height == height, partition.width == width else {
        throw AttributionError.partsOfOtherSize(
          parts: [partition.height, partition.width], picture: [height, width])
      }
      return partition
    }
  }
}
