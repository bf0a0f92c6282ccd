import Autodiff
import Blocks
import Memory
import Tensors

extension Operator {
  /// Attention as one operator, and the rotations of its queries and keys.
  static let attention: [Operator] = [
    // Queries with keys, and their weights with values; the latter two have as many positions.
    Operator(
      "Attention", .other,
      cost: { node in
        guard let queries = node.input(0), let keys = node.input(1), let output = node.output,
          keys.rank > 2
        else { return 0 }
        let positions = MemoryLimit.sum(keys[-2], node.input(4)?[checked: 2] ?? 0)
        return MemoryLimit.product([MemoryLimit.sum(queries.count, output.count), positions])
      }, scaledDotProductAttention),
    Operator("RotaryEmbedding", .other, channels: .kept, rotaryEmbedding),
  ]

  /// `softmax(scale · Q Kᵀ + mask) V`, head by head.
  private static func scaledDotProductAttention(_ call: TapeCall) throws -> Variable {
    let node = call.node
    let rank = try call.input(0).shape.rank
    let q = try heads(call, 0, "q_num_heads")
    var (k, v) = (try heads(call, 1, "kv_num_heads"), try heads(call, 2, "kv_num_heads"))
    if let past = call.optionalInput(4), let pastValues = call.optionalInput(5) {
      k = try joined(call, past, k)
      v = try joined(call, pastValues, v)
    }
    if call.output == 1 { return k }
    if call.output == 2 { return v }
    try call.require(
      q.shape.count > 0 && k.shape.count > 0 && q.shape[0] == k.shape[0] && k.shape[0] == v.shape[0]
        && q.shape[3] == k.shape[3]
        && k.shape[1] == v.shape[1] && k.shape[2] == v.shape[2] && k.shape[1] > 0
        && q.shape[1].isMultiple(of: k.shape[1]),
      "queries \(q.shape), keys \(k.shape), values \(v.shape)")
    let shared = q.shape[1] / k.shape[1]
    if shared > 1 {
      let owners = (0..<q.shape[1]).map { $0 / shared }
      (k, v) = (k.gathered(owners, alongAxis: 1), v.gathered(owners, alongAxis: 1))
    }
    let scale = node.float("scale", default: 1 / Float(q.shape[3]).squareRoot())
    let pairs = try call.shape([q.shape[0], q.shape[1], q.shape[2], k.shape[2]])
    try call.checkWork([pairs.count, q.shape[3] + v.shape[3]])
    var products = matmul(q * scale, k.transposedMatrices())
    let cap = node.float("softcap", default: 0)
    if cap > 0 { products = tanh(products / cap) * cap }
    let biased = try masked(call, products)
    let weights = softmax(biased)
    if call.output == 3 {
      switch node.int("qk_matmul_output_mode", default: 0) {
      case 2: return biased
      case 3: return weights
      default: return products
      }
    }
    let result = matmul(weights, v)
    guard rank == 3 else { return result }
    return result.transposed([0, 2, 1, 3])
      .reshaped(to: [q.shape[0], q.shape[2], q.shape[1] * v.shape[3]])
  }

  /// An input as batch × heads × positions × features.
  private static func heads(
    _ call: TapeCall, _ position: Int, _ attribute: String
  ) throws -> Variable {
    let x = try call.input(position)
    if x.shape.rank == 4 { return x }
    let heads = call.node.int(attribute, default: 0)
    try call.require(
      x.shape.rank == 3 && x.shape.count > 0 && heads > 0 && x.shape[2].isMultiple(of: heads),
      "\(heads) heads in \(x.shape)")
    return x.reshaped(to: [x.shape[0], x.shape[1], heads, x.shape[2] / heads])
      .transposed([0, 2, 1, 3])
  }

  private static func joined(_ call: TapeCall, _ past: Variable, _ new: Variable) throws -> Variable
  {
    var shape = past.shape
    try call.require(shape.rank == 4, "a past of \(shape)")
    shape[2] = new.shape[2]
    try call.require(shape == new.shape, "a past of \(past.shape) for \(new.shape)")
    return concatenate([past, new], alongAxis: 2)
  }

  /// Products of queries and keys with −∞ where a query may not look, or a bias.
  private static func masked(_ call: TapeCall, _ products: Variable) throws -> Variable {
    let (queries, keys) = (products.shape[2], products.shape[3])
    var result = products
    if var mask = call.optionalInput(3) {
      let isBoolean = call.isInteger(3)
      try call.require(mask.shape.rank > 0 && mask.shape[-1] <= keys, "a mask of \(mask.shape)")
      if isBoolean { mask = Variable(mask.value.map { $0 != 0 ? 0 : -.infinity }) }
      if mask.shape[-1] < keys, mask.shape[-1] > 1 {
        var after = [Int](repeating: 0, count: mask.shape.rank)
        after[after.count - 1] = keys - mask.shape[-1]
        mask = mask.padded(before: after.map { _ in 0 }, after: after, with: -.infinity)
      }
      try call.check(mask.shape, stretchesTo: result.shape)
      result = result + mask
    }
    let lengths = try call.constant(6)?.integers
    try call.require(
      lengths.map { $0.count == products.shape[0] } ?? true, "one length a picture is wanted")
    let past = call.optionalInput(5) == nil ? 0 : call.optionalInput(4)?.shape[2] ?? 0
    let isCausal = call.node.int("is_causal", default: 0) != 0
    let (left, right) = (
      call.node.int("left_window_size", default: -1),
      call.node.int("right_window_size", default: -1)
    )
    guard isCausal || lengths != nil || left >= 0 || right >= 0 else { return result }
    let shape: Shape = [products.shape[0], 1, queries, keys]
    let allowed = Tensor(
      shape,
      shape.offsets(strides: shape.strides).map { place -> Float in
        let (image, query, key) = (
          place / (queries * keys), place / keys % queries, place % keys
        )
        // The position of the query among the keys.
        let own = query + (lengths.map { $0[image] - queries } ?? past)
        let isAllowed =
          (!isCausal || key <= own) && (left < 0 || own - key <= left)
          && (right < 0 || key - own <= right) && (lengths.map { key < $0[image] } ?? true)
        return isAllowed ? 0 : -.infinity
      })
    return result + Variable(allowed)
  }

  /// Pairs of features turned by angles that grow with the position (Su et al., RoFormer, 2021).
  private static func rotaryEmbedding(_ call: TapeCall) throws -> Variable {
    let x = try call.input(0)
    let heads = try heads(call, 0, "num_heads")
    let (batch, positions, features) = (heads.shape[0], heads.shape[2], heads.shape[3])
    let named = call.node.int("rotary_embedding_dim", default: 0)
    let turned = named == 0 ? features : named
    try call.require(
      (0...features).contains(turned) && turned.isMultiple(of: 2),
      "\(turned) of \(features) features")
    /// The cosines or sines of batch × 1 × positions × pairs.
    func angles(_ position: Int) throws -> Variable {
      var cache = try call.input(position)
      if call.node.input(3) != nil {
        try call.require(cache.shape.rank == 2, "a cache of \(cache.shape)")
        let shape = try call.input(3).shape
        try call.require(shape == [batch, positions], "positions \(shape)")
        cache = cache.gathered(try call.indices(3, extent: cache.shape[0]), alongAxis: 0)
      }
      let wanted: Shape = [batch, 1, positions, turned / 2]
      try call.require(cache.shape.count == wanted.count, "a cache of \(cache.shape) for \(wanted)")
      return cache.reshaped(to: wanted)
    }
    let (cosines, sines) = (try angles(1), try angles(2))
    let isInterleaved = call.node.int("interleaved", default: 0) != 0
    let even = (0..<turned / 2).map { isInterleaved ? 2 * $0 : $0 }
    let odd = even.map { $0 + (isInterleaved ? 1 : turned / 2) }
    let (a, b) = (heads.gathered(even, alongAxis: 3), heads.gathered(odd, alongAxis: 3))
    let pairs = concatenate([cosines * a - sines * b, sines * a + cosines * b], alongAxis: 3)
    let order = isInterleaved ? (0..<turned).map { $0 / 2 + $0 % 2 * (turned / 2) } : nil
    let rotated = order.map { pairs.gathered($0, alongAxis: 3) } ?? pairs
    let result = concatenate(
      [rotated, heads.sliced(turned..<features, alongAxis: 3)], alongAxis: 3)
    return x.shape.rank == 4
      ? result : result.transposed([0, 2, 1, 3]).reshaped(to: x.shape)
  }
}
