package import Tensors

extension Tensor {
  /// Maps at another size, bilinearly.
  ///
  /// - Parameters:
  ///   - height: Rows.
  ///   - width: Columns.
  ///   - cornersAligned: Whether the corners' centres stay where they are, as in PyTorch's
  ///     `align_corners=True`; else the whole map covers the same area, the edges' values held.
  /// - Returns: The shape (…, height, width).
  package func enlarged(height: Int, width: Int, cornersAligned: Bool = false) -> Tensor {
    let (from, to) = ((height: shape[-2], width: shape[-1]), (height: height, width: width))
    var map = AffineMap.resize(from: from, to: to)
    if cornersAligned {
      map = AffineMap(
        a: Self.step(from.width, to.width), b: 0, c: 0, d: 0,
        e: Self.step(from.height, to.height), f: 0)
    }
    return resampled(map, height: height, width: width, surroundings: .edge)
  }

  /// The nearest pixel of maps at another size: the pixel that a place's upper left corner lies in.
  ///
  /// - Parameters:
  ///   - height: Rows.
  ///   - width: Columns.
  /// - Returns: The shape (…, height, width).
  package func repeated(height: Int, width: Int) -> Tensor {
    let rows = (0..<height).map { $0 * shape[-2] / height }
    let columns = (0..<width).map { $0 * shape[-1] / width }
    return gathered(rows, alongAxis: shape.rank - 2).gathered(columns, alongAxis: shape.rank - 1)
  }

  /// Slices as more slices, along straight lines between their centres, the first and the last held beyond theirs.
  ///
  /// - Parameter depth: How many slices.
  /// - Returns: The shape (…, depth, h, w) of (…, d, h, w).
  package func enlarged(depth: Int) -> Tensor {
    guard shape[-3] != depth else { return self }
    let (outer, plane) = (count / (shape[-3] * shape[-2] * shape[-1]), shape[-2] * shape[-1])
    let lines = reshaped([outer, shape[-3], plane]).transposed([0, 2, 1])
      .reshaped([outer, plane, 1, shape[-3]]).enlarged(height: 1, width: depth)
    return lines.reshaped([outer, plane, depth]).transposed([0, 2, 1])
      .reshaped(Shape(Array(shape.dimensions.dropLast(3)) + [depth, shape[-2], shape[-1]]))
  }

  /// How far apart the pixels read where the first and the last stay.
  private static func step(_ source: Int, _ target: Int) -> Double {
    target > 1 ? Double(source - 1) / Double(target - 1) : 0
  }
}
