/// A picture cut up: every pixel belongs to one part.
public struct Partition: Sendable, Hashable {
  /// Rows of pixels.
  public let height: Int
  /// Columns of pixels.
  public let width: Int
  /// The part of each pixel, row by row: 0 up to one less than `count`, none of them empty.
  public let labels: [Int]
  /// The number of parts.
  public let count: Int

  /// Takes labels of any numbers; parts are numbered in the order of those.
  ///
  /// - Parameters:
  ///   - labels: What each pixel is labelled with, row by row.
  ///   - height: Rows of pixels.
  ///   - width: Columns of pixels.
  /// - Precondition: There is a label a pixel, and at least one pixel.
  public init(labels: [Int], height: Int, width: Int) {
    precondition(
      !labels.isEmpty && labels.count == height * width,
      "Partition: \(labels.count) labels for \(height)×\(width) pixels")
    let names = Set(labels).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    self.labels = labels.map { numbers[$0] ?? 0 }
    (self.height, self.width) = (height, width)
    count = names.count
  }

  /// A grid of cells as even as can be: a pixel's cell is `⌊rows · y / height⌋`, and so across.
  ///
  /// - Parameters:
  ///   - rows: Rows of cells, at least 1; no more than there are pixels.
  ///   - columns: Columns of cells, at least 1; no more than there are pixels.
  ///   - height: Rows of pixels.
  ///   - width: Columns of pixels.
  public init(rows: Int, columns: Int, height: Int, width: Int) {
    precondition(rows >= 1 && columns >= 1, "Partition: a grid of \(rows)×\(columns)")
    let (rows, columns) = (min(rows, height), min(columns, width))
    self.init(
      labels: (0..<height * width).map { pixel in
        rows * (pixel / width) / height * columns + columns * (pixel % width) / width
      }, height: height, width: width)
  }
}
