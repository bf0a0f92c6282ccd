package import Autodiff
import Blocks
package import Tensors

/// A function of rows, and its derivative, as one operation of the tape: what normalizations, softmaxes and
/// reductions have in common.
///
/// It can be differentiated once; the gradient of its gradient traps.
///
/// - Parameters:
///   - x: Scalars that are taken as rows of `length`.
///   - length: Scalars a row.
///   - shape: The shape of the result.
///   - width: Scalars a row of the result.
///   - forward: From a row of `x` to a row of the result.
///   - backward: From a row of `x`, of the result and of the result's cotangent to a row of the cotangent.
/// - Returns: The shape `shape`.
package func byRows(
  _ x: Variable, length: Int, shape: Shape, width: Int,
  forward: (_ x: UnsafeBufferPointer<Float>, _ y: UnsafeMutableBufferPointer<Float>) -> Void,
  backward:
    @escaping (
      _ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>,
      _ g: UnsafeBufferPointer<Float>, _ result: UnsafeMutableBufferPointer<Float>
    ) -> Void
) -> Variable {
  byRuns(x, length: length, shape: shape, width: width) { x, y, rows in
    for row in 0..<rows { forward(x.row(row, length), y.row(row, width)) }
  } backward: { x, y, g, result, rows in
    for row in 0..<rows {
      backward(x.row(row, length), y.row(row, width), g.row(row, width), result.row(row, length))
    }
  }
}

/// The same, some rows at a time: their number comes last.
func byRuns(
  _ x: Variable, length: Int, shape: Shape, width: Int,
  forward: (_ x: UnsafeBufferPointer<Float>, _ y: UnsafeMutableBufferPointer<Float>, Int) -> Void,
  backward:
    @escaping (
      _ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>,
      _ g: UnsafeBufferPointer<Float>, _ result: UnsafeMutableBufferPointer<Float>, Int
    ) -> Void
) -> Variable {
  let rows = width == 0 ? 0 : shape.count / width
  let value = Tensor(shape) { result in
    x.value.withUnsafeBufferPointer { x in
      ThreadPool.shareElements(rows, worth: 4 * length) {
        forward(x.rows($0, length), result.rows($0, width), $0.count)
      }
    }
  }
  return Variable(value, operation: "rows", inputs: [x]) { g, y in
    let cotangent = Tensor(x.shape) { result in
      x.value.withUnsafeBufferPointer { x in
        y.value.withUnsafeBufferPointer { y in
          g.value.withUnsafeBufferPointer { g in
            ThreadPool.shareElements(rows, worth: 4 * length) {
              backward(
                x.rows($0, length), y.rows($0, width), g.rows($0, width), result.rows($0, length),
                $0.count)
            }
          }
        }
      }
    }
    let operation = "the derivative of a function of rows, which is differentiated once,"
    return [Variable(cotangent, withoutDerivative: operation, inputs: [x, g])]
  }
}

extension UnsafeBufferPointer<Float> {
  fileprivate func rows(_ rows: Range<Int>, _ length: Int) -> Self {
    Self(rebasing: self[rows.lowerBound * length..<rows.upperBound * length])
  }

  fileprivate func row(_ row: Int, _ length: Int) -> Self { rows(row..<row + 1, length) }
}

extension UnsafeMutableBufferPointer<Float> {
  fileprivate func rows(_ rows: Range<Int>, _ length: Int) -> Self {
    Self(rebasing: self[rows.lowerBound * length..<rows.upperBound * length])
  }

  fileprivate func row(_ row: Int, _ length: Int) -> Self { rows(row..<row + 1, length) }
}

extension Variable {
  /// A function of this variable with one axis moved to the end, its result moved back.
  func withAxisLast(_ axis: Int, _ body: (Variable) -> Variable) -> Variable {
    guard axis != shape.rank - 1 else { return body(self) }
    var order = Array(shape.dimensions.indices)
    order.append(order.remove(at: axis))
    return body(transposed(order)).transposed(order.inverse)
  }
}

extension Shape {
  /// The offset of every element, in row-major order, in a memory with these strides.
  func offsets(strides: [Int], from start: Int = 0) -> [Int] {
    var offsets = [start]
    for (extent, stride) in zip(dimensions, strides) {
      offsets = offsets.flatMap { offset in (0..<extent).map { offset + $0 * stride } }
    }
    return offsets
  }
}
