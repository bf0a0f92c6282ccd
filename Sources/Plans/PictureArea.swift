import Tensors

/// The part of pictures that a program reads: rows and columns.
package struct PictureArea: Hashable {
  let rows: Range<Int>
  let columns: Range<Int>

  /// The shape of the part of pictures of a shape, N×C×H×W.
  func shape(of whole: Shape) -> Shape { [whole[0], whole[1], rows.count, columns.count] }

  /// The part of pictures.
  func part(of whole: Tensor) -> Tensor {
    whole.sliced([0..<whole.shape[0], 0..<whole.shape[1], rows, columns])
  }

  /// Pictures of a shape that are 0 but for the part.
  func whole(_ part: Tensor, _ shape: Shape) -> Tensor {
    part.padded(
      before: [0, 0, rows.lowerBound, columns.lowerBound],
      after: [0, 0, shape[2] - rows.upperBound, shape[3] - columns.upperBound])
  }
}
