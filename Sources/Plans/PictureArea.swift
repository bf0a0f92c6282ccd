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
    Tensor(shape) { whole in
      whole.initialize(repeating: 0)
      part.withUnsafeBufferPointer { part in
        for line in 0..<shape[0] * shape[1] * rows.count {
          let (plane, row) = line.quotientAndRemainder(dividingBy: rows.count)
          let to = (plane * shape[2] + rows.lowerBound + row) * shape[3] + columns.lowerBound
          for i in 0..<columns.count { whole[to + i] = part[line * columns.count + i] }
        }
      }
    }
  }
}
