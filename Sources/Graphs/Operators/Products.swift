import Autodiff
import Blocks
import Memory
import Tensors

extension Operator {
  /// Matrix products.
  static let products: [Operator] = [
    Operator(
      "MatMul", .linear(.matrixProduct),
      cost: { node in
        guard let output = node.output, let left = node.input(0), left.rank > 0 else { return 0 }
        return MemoryLimit.product([output.count, left[-1]])
      }, { try product($0, try $0.input(0), try $0.input(1)) }
    )
    .channels(by: alongLastByMatrix),
    Operator(
      "Gemm", .linear(.matrixProduct),
      cost: { node in
        guard let output = node.output, let left = node.input(0), left.rank == 2 else { return 0 }
        let inner = left[node.node.int("transA", default: 0) != 0 ? -2 : -1]
        return MemoryLimit.product([output.count, inner])
      }, gemm
    )
    .channels(by: alongLastByMatrix),
    Operator("Einsum", .other, cost: EinsumEquation.cost, einsum),
  ]

  /// A product with a matrix mixes the last axis; one that is computed counts as such.
  private static func alongLastByMatrix(_ call: TapeCall) -> ChannelRule {
    let weights = call.node.input(1).flatMap { call.constants[$0]?.shape }
    return (weights?.rank ?? 2) == 2 ? .last : .unknown
  }

  /// The matrix product as NumPy's `matmul`: a vector stands for a row on the left, a column on the right.
  static func product(_ call: TapeCall, _ left: Variable, _ right: Variable) throws -> Variable {
    guard left.shape.rank > 0, right.shape.rank > 0 else {
      throw call.invalid("a product of scalars")
    }
    let a = left.shape.rank == 1 ? left.reshaped(to: [1, left.shape[0]]) : left
    let b = right.shape.rank == 1 ? right.reshaped(to: [right.shape[0], 1]) : right
    try call.require(a.shape[-1] == b.shape[-2], "a product of \(left.shape) and \(right.shape)")
    let leading = try call.broadcast(
      Shape(a.shape.dimensions.dropLast(2)), Shape(b.shape.dimensions.dropLast(2)))
    var result = try call.shape(leading.dimensions + [a.shape[-2], b.shape[-1]])
    try call.checkWork([result.count, a.shape[-1]])
    if right.shape.rank == 1 { result.dimensions.removeLast() }
    if left.shape.rank == 1 { result.dimensions.remove(at: leading.rank) }
    if call.isOnlyForShape { return Variable(Tensor(result)) }
    let product: Variable
    if b.shape.rank == 2 {
      let rows = a.shape.dimensions.dropLast().reduce(1, *)
      product = matmul(a.reshaped(to: [rows, a.shape[-1]]), b)
    } else {
      product = matmul(a, b)
    }
    return product.reshaped(to: result)
  }

  /// `α A B + β C`.
  private static func gemm(_ call: TapeCall) throws -> Variable {
    var (a, b) = (try call.input(0), try call.input(1))
    try call.require(
      a.shape.rank == 2 && b.shape.rank == 2, "a matrix product of \(a.shape) and \(b.shape)")
    if call.node.int("transA", default: 0) != 0 { a = a.transposedMatrices() }
    if call.node.int("transB", default: 0) != 0 { b = b.transposedMatrices() }
    var result = try product(call, a, b)
    let alpha = call.node.float("alpha", default: 1)
    if alpha != 1 { result = result * alpha }
    guard let c = call.optionalInput(2) else { return result }
    try call.check(c.shape, stretchesTo: result.shape)
    let beta = call.node.float("beta", default: 1)
    return result + (beta == 1 ? c : c * beta)
  }
}
