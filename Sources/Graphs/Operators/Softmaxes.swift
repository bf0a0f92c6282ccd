import Autodiff
import Blocks
import CKernels
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Operator {
  /// Softmax and its relatives.
  static let softmaxes: [Operator] = [
    Operator("Softmax", .softmax) { try alongAxis($0) { softmax($0) } },
    Operator("LogSoftmax", .softmax) { try alongAxis($0) { $0.logSoftmax(alongAxis: -1) } },
    Operator("Hardmax", .softmax) { try alongAxis($0) { hardmax($0) } },
  ]

  /// A function of the last axis on the axis that a node names.
  ///
  /// Before operator set 13, that axis and
  /// all behind it were one.
  private static func alongAxis(
    _ call: TapeCall, _ body: (Variable) -> Variable
  ) throws -> Variable {
    let x = try call.input(0)
    if x.shape.rank == 0 { return body(x.reshaped(to: [1])).reshaped(to: []) }
    let old = call.node.opset < 13
    let named = call.node.int("axis", default: old ? 1 : -1)
    // A vector has no axis 1, the old default.
    let axis = try call.axis(old && x.shape.rank == 1 ? 0 : named, rank: x.shape.rank)
    guard old else { return x.withAxisLast(axis, body) }
    let length = x.shape.dimensions[axis...].reduce(1, *)
    let rows = x.shape.dimensions[..<axis].reduce(1, *)
    return body(x.reshaped(to: [rows, length])).reshaped(to: x.shape)
  }

  /// Softmax along the last axis, `eˣ / Σ eˣ`, without overflow.
  ///
  /// A row of −∞ gives zeros.
  static func softmax(_ x: Variable) -> Variable {
    let length = x.shape[-1]
    return byRuns(x, length: length, shape: x.shape, width: length) { x, y, rows in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      kernel_softmax_rows(x, y, rows, length)
    } backward: { _, y, g, result, rows in
      guard let y = y.baseAddress, let g = g.baseAddress, let result = result.baseAddress
      else { return }
      kernel_softmax_rows_backward(y, g, result, rows, length)
    }
  }

  /// 1 at the first largest of a row, 0 elsewhere.
  private static func hardmax(_ x: Variable) -> Variable {
    let length = x.shape[-1]
    let constant = x.detached
    return byRows(constant, length: length, shape: x.shape, width: length) { x, y in
      y.initialize(repeating: 0)
      if let largest = x.indices.max(by: { x[$0] < x[$1] }) {
        y[x.firstIndex(of: x[largest]) ?? largest] = 1
      }
    } backward: { _, _, _, result in
      result.initialize(repeating: 0)
    }
  }
}
