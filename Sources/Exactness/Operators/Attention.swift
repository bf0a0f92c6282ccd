import Foundation
import Graphs
import Tensors

extension ExactOperator {
  /// Attention as one operator: `softmax(scale · Q Kᵀ + mask) V`, head by head.
  static let attention: [ExactOperator] = [
    ExactOperator("Attention") { call in
      guard call.output == 0, call.optional(4) == nil, call.optional(6) == nil,
        call.node.int("left_window_size", default: -1) < 0,
        call.node.int("right_window_size", default: -1) < 0
      else { throw call.unknown("with a cache, lengths or a window") }
      let q = try heads(call, 0, "q_num_heads")
      var (k, v) = (try heads(call, 1, "kv_num_heads"), try heads(call, 2, "kv_num_heads"))
      let shared = q.shape[1] / k.shape[1]
      if shared > 1 { (k, v) = (repeated(k, shared), repeated(v, shared)) }
      try call.requireRoom(q.shape[0] * q.shape[1], q.shape[2], 4 * k.shape[2])
      let scale = call.float("scale", 1 / Double(q.shape[3]).squareRoot())
      var products = Exact.product(q * scale, k.turned)
      let cap = call.float("softcap", 0)
      if cap > 0 {
        products = (products / cap).map({ tanh($0) }) { _, y in 1 - y * y } * cap
      }
      if let mask = call.optional(3) {
        let isBoolean = call.isInteger(3)
        products = products + (isBoolean ? mask.stepped { $0 != 0 ? 0 : -.infinity } : mask)
      }
      if call.node.int("is_causal", default: 0) != 0 {
        let (queries, keys) = (q.shape[2], k.shape[2])
        products =
          products
          + Exact(
            [queries, keys],
            (0..<queries * keys).map { $0 % keys > $0 / keys ? -.infinity : 0 })
      }
      let result = Exact.product(products.softmax, v)
      guard try call.input(0).shape.rank == 3 else { return result }
      return result.transposed([0, 2, 1, 3])
        .reshaped([q.shape[0], q.shape[2], q.shape[1] * v.shape[3]])
    }
  ]

  /// An input as batch × heads × positions × features.
  private static func heads(_ call: ExactCall, _ position: Int, _ attribute: String) throws -> Exact
  {
    let x = try call.input(position)
    if x.shape.rank == 4 { return x }
    let heads = max(1, call.node.int(attribute, default: 1))
    return x.reshaped([x.shape[0], x.shape[1], heads, x.shape[2] / heads])
      .transposed([0, 2, 1, 3])
  }

  /// Each head so many times.
  private static func repeated(_ x: Exact, _ times: Int) -> Exact {
    let (n, h, t, f) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    return x.reshaped([n, h, 1, t, f]).broadcast(to: [n, h, times, t, f])
      .reshaped([n, h * times, t, f])
  }
}
