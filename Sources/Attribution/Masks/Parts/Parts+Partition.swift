public import Networks
public import Tensors

extension Parts {
  /// A picture cut up.
  ///
  /// - Parameters:
  ///   - picture: 1×C×H×W; its values count relative to its own range.
  ///   - form: What it is.
  /// - Returns: The parts.
  /// - Throws: `AttributionError.partsOfOtherSize` where given parts do not fit the picture.
  public func partition(of picture: Tensor, form: InputForm = .picture) throws -> Partition {
    let (height, width) = (picture.shape[2], picture.shape[3])
    switch self {
    case .superpixels(let count) where form == .signal:
      return Partition(rows: 1, columns: count, height: height, width: width)
    case .grid(let rows, let columns):
      return Partition(rows: rows, columns: columns, height: height, width: width)
    case .superpixels(let count): return SLIC(count: count).partition(of: picture)
    case .felzenszwalb(let scale):
      let (low, high) = (picture.minimum, picture.maximum)
      guard high > low else { return Partition(rows: 1, columns: 1, height: height, width: width) }
      // No region is smaller than 150 of 224×224 pixels, as in XRAI.
      return Partition(
        labels: Felzenszwalb((picture - low) / (high - low)).labels(
          scale: Double(scale), smallest: max(1, height * width / 334)), height: height,
        width: width)
    case .given(let partition):
      guard partition.height == height, partition.width == width else {
        throw AttributionError.partsOfOtherSize(
          parts: [partition.height, partition.width], picture: [height, width])
      }
      return partition
    }
  }
}
