extension Tensor {
  /// The matrix product, batch by batch.
  ///
  /// The product of small matrices around the network (colours, Gram matrices); the network has its own
  /// kernels.
  ///
  /// - Parameters:
  ///   - a: Shape (…, rows, inner).
  ///   - b: Shape (…, inner, columns); the leading axes broadcast.
  /// - Returns: Shape (…, rows, columns).
  public static func matmul(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.shape.rank >= 2 && b.shape.rank >= 2 && a.shape[-1] == b.shape[-2],
      "matmul: shapes \(a.shape) and \(b.shape)")
    let (rows, inner, columns) = (a.shape[-2], a.shape[-1], b.shape[-1])
    let leading = (Shape(Array(a.shape.dimensions.dropLast(2))))
      .broadcast(with: Shape(Array(b.shape.dimensions.dropLast(2))))
    let left = a.broadcast(to: Shape(leading.dimensions + [rows, inner]))
    let right = b.broadcast(to: Shape(leading.dimensions + [inner, columns]))
    let result = Tensor(Shape(leading.dimensions + [rows, columns]), repeating: 0)
    for batch in 0..<leading.count {
      multiply(
        left.start + batch * rows * inner, right.start + batch * inner * columns,
        into: result.start + batch * rows * columns, rows, inner, columns)
    }
    withExtendedLifetime((left, right)) {}
    return result
  }

  /// Adds the product to `out`, four rows of `b` at a time, so that `out` is read once for the four.
  private static func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>,
    _ rows: Int, _ inner: Int, _ columns: Int
  ) {
    for row in 0..<rows {
      let (out, a) = (out + row * columns, a + row * inner)
      var k = 0
      while k + 4 <= inner {
        let (w0, w1, w2, w3) = (a[k], a[k + 1], a[k + 2], a[k + 3])
        let b0 = b + k * columns
        let (b1, b2, b3) = (b0 + columns, b0 + 2 * columns, b0 + 3 * columns)
        for j in 0..<columns {
          out[j] += (w0 * b0[j] + w1 * b1[j]) + (w2 * b2[j] + w3 * b3[j])
        }
        k += 4
      }
      while k < inner {
        let (w, b0) = (a[k], b + k * columns)
        for j in 0..<columns { out[j] += w * b0[j] }
        k += 1
      }
    }
  }

  /// The matrices of the last two axes turned over.
  public func transposedMatrices() -> Tensor {
    var order = Array(shape.dimensions.indices)
    precondition(order.count >= 2, "transposedMatrices: shape \(shape)")
    order.swapAt(order.count - 1, order.count - 2)
    return transposed(order)
  }
}
