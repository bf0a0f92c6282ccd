import CKernels
import Contracts

extension Tensor {
  /// The matrix product, batch by batch.
  ///
  /// Products with constant matrices within a network are convolutions there.
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
    let result = Tensor(uninitialized: Shape(leading.dimensions + [rows, columns]))
    // Rows at a time, so that also a few large products are shared out.
    let rowsAtATime = max(1, min(rows, 56))
    let bands = (rows + rowsAtATime - 1) / rowsAtATime
    ThreadPool.shareElements(
      leading.count * bands, worth: inner * columns * rowsAtATime / 16
    ) { parts in
      for part in parts {
        let (batch, row) = (part / bands, part % bands * rowsAtATime)
        kernel_matmul(
          left.start + (batch * rows + row) * inner, right.start + batch * inner * columns,
          result.start + (batch * rows + row) * columns, Int32(min(rowsAtATime, rows - row)),
          Int32(inner), Int32(columns))
      }
    }
    withExtendedLifetime((left, right)) {}
    return result
  }

  /// The product with the first factor's matrices turned over, `Aᵀ B`, batch by batch, with the bits that the product
  /// with turned copies has.
  ///
  /// - Parameters:
  ///   - a: Shape (…, inner, rows).
  ///   - b: Shape (…, inner, columns); the leading axes broadcast.
  /// - Returns: Shape (…, rows, columns).
  package static func matmul(turned a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.shape.rank >= 2 && b.shape.rank >= 2 && a.shape[-2] == b.shape[-2],
      "matmul: shapes \(a.shape), turned over, and \(b.shape)")
    let (rows, inner, columns) = (a.shape[-1], a.shape[-2], b.shape[-1])
    let leading = Shape(Array(a.shape.dimensions.dropLast(2)))
    // What is stretched is copied anyway, and one matrix is shared out by its rows.
    guard leading.count > 1, leading.dimensions == Array(b.shape.dimensions.dropLast(2)) else {
      return matmul(a.transposedMatrices(), b)
    }
    let result = Tensor(uninitialized: Shape(leading.dimensions + [rows, columns]))
    ThreadPool.shareElements(leading.count, worth: inner * columns * rows / 16) { batches in
      for batch in batches {
        kernel_matmul_turned(
          a.start + batch * inner * rows, b.start + batch * inner * columns,
          result.start + batch * rows * columns, Int32(rows), Int32(inner), Int32(columns))
      }
    }
    withExtendedLifetime((a, b)) {}
    return result
  }

  /// The matrices of the last two axes turned over.
  public func transposedMatrices() -> Tensor {
    var order = Array(shape.dimensions.indices)
    precondition(order.count >= 2, "transposedMatrices: shape \(shape)")
    order.swapAt(order.count - 1, order.count - 2)
    return transposed(order)
  }
}
