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
    return Tensor(Shape(leading.dimensions + [rows, columns])) { out in
      out.initialize(repeating: 0)
      left.withUnsafeBufferPointer { a in
        right.withUnsafeBufferPointer { b in
          for batch in 0..<leading.count {
            multiply(
              UnsafeBufferPointer(rebasing: a[(batch * rows * inner)...]),
              UnsafeBufferPointer(rebasing: b[(batch * inner * columns)...]),
              into: UnsafeMutableBufferPointer(rebasing: out[(batch * rows * columns)...]),
              rows, inner, columns)
          }
        }
      }
    }
  }

  /// Adds the product to `out`, four rows of `b` at a time, so that `out` is read once for the four.
  private static func multiply(
    _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>,
    into out: UnsafeMutableBufferPointer<Float>, _ rows: Int, _ inner: Int, _ columns: Int
  ) {
    for row in 0..<rows {
      let target = row * columns
      var k = 0
      while k + 4 <= inner {
        let at = row * inner + k
        let (w0, w1, w2, w3) = (a[at], a[at + 1], a[at + 2], a[at + 3])
        let (b0, b1, b2, b3) = (
          k * columns, (k + 1) * columns, (k + 2) * columns, (k + 3) * columns
        )
        for j in 0..<columns {
          out[target + j] += (w0 * b[b0 + j] + w1 * b[b1 + j]) + (w2 * b[b2 + j] + w3 * b[b3 + j])
        }
        k += 4
      }
      while k < inner {
        let w = a[row * inner + k]
        for j in 0..<columns { out[target + j] += w * b[k * columns + j] }
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
