import Autodiff
import Blocks
import Tensors

extension Operator {
  /// Attention without a softmax, as a state that each step reads and writes (Katharopoulos et al., 2020; the gated
  /// delta rule: Yang et al., 2024).
  ///
  /// `S ← e^g S`, `v ← β (v − Sᵀ k)`, `S ← S + k vᵀ`, `o = scale · Sᵀ q`; the last state is the second output.
  static func linearAttention(_ call: TapeCall) throws -> Variable {
    let parts = try LinearAttentionParts(call)
    var state = parts.state
    var outputs: [Variable] = []
    for step in 0..<parts.steps {
      let key = parts.step(step, of: parts.keys)
      var value = parts.step(step, of: parts.values)
      if let decay = parts.decay { state = state * exp(parts.step(step, of: decay)) }
      if let rate = parts.rate {
        value =
          parts.step(step, of: rate).transposedMatrices()
          * (value - matmul(key.transposedMatrices(), state).transposedMatrices())
      }
      state = state + matmul(key, value.transposedMatrices())
      guard call.output == 0 else { continue }
      let query = parts.step(step, of: parts.queries)
      let read = parts.shared == 1 ? state : state.gathered(parts.owners, alongAxis: 1)
      // Batch × heads × 1 × features.
      outputs.append(matmul(query.transposedMatrices(), read) * parts.scale)
    }
    if call.output == 1 { return state }
    guard !outputs.isEmpty else { throw call.invalid("it has no steps") }
    let whole = concatenate(outputs, alongAxis: 2).transposed([0, 2, 1, 3])
    return whole.reshaped(to: [whole.shape[0], whole.shape[1], whole.shape[2] * whole.shape[3]])
  }
}

/// The inputs as batch × heads × steps × features.
private struct LinearAttentionParts {
  let queries, keys, values, state: Variable
  let decay, rate: Variable?
  let shared: Int
  let scale: Float

  var steps: Int { keys.shape[2] }
  /// The head of keys that each head of queries reads.
  var owners: [Int] { (0..<queries.shape[1]).map { $0 / shared } }

  init(_ call: TapeCall) throws {
    let own = call.node.int("q_num_heads", default: 0)
    let heads = call.node.int("kv_num_heads", default: 0)
    let rule = call.node.string("update_rule", default: "gated_delta")
    try call.require(
      ["linear", "gated", "delta", "gated_delta"].contains(rule), "the rule '\(rule)'")
    try call.require(
      heads > 0 && own > 0 && own.isMultiple(of: heads), "\(own) heads of queries, \(heads) of keys"
    )
    shared = own / heads
    queries = try Self.split(call, 0, own)
    keys = try Self.split(call, 1, heads)
    values = try Self.split(call, 2, heads)
    let (batch, steps, features) = (keys.shape[0], keys.shape[2], keys.shape[3])
    try call.require(
      queries.shape == [batch, own, steps, features]
        && values.shape.dimensions.dropLast() == [batch, heads, steps],
      "queries \(queries.shape), keys \(keys.shape), values \(values.shape)")
    decay = rule.hasPrefix("gated") ? try Self.split(call, 4, heads) : nil
    rate = rule.hasSuffix("delta") ? try Self.rate(call, heads) : nil
    for given in [decay, rate].compactMap({ $0 }) {
      try call.require(
        given.shape[0] == batch && given.shape[2] == steps
          && [1, features].contains(given.shape[3]), "gates of \(given.shape)")
    }
    let states = try call.shape([batch, heads, features, values.shape[3]])
    state = call.optionalInput(3) ?? Variable(Tensor(states))
    try call.require(state.shape == states, "a state of \(state.shape), not \(states)")
    let named = call.node.float("scale", default: 0)
    scale = named == 0 ? 1 / Float(features).squareRoot() : named
    try call.checkWork([steps, own, states.count])
  }

  private static func split(_ call: TapeCall, _ position: Int, _ heads: Int) throws -> Variable {
    let x = try call.input(position)
    try call.require(
      x.shape.rank == 3 && x.shape.count > 0 && x.shape[2].isMultiple(of: heads),
      "\(heads) heads in \(x.shape)")
    return x.reshaped(to: [x.shape[0], x.shape[1], heads, x.shape[2] / heads])
      .transposed([0, 2, 1, 3])
  }

  /// One a head, or one for all.
  private static func rate(_ call: TapeCall, _ heads: Int) throws -> Variable {
    let x = try call.input(5)
    try call.require(x.shape.rank == 3 && [1, heads].contains(x.shape[2]), "rates of \(x.shape)")
    return try split(call, 5, x.shape[2])
  }

  /// One step's features as columns: batch × heads × features × 1.
  func step(_ step: Int, of x: Variable) -> Variable {
    x.sliced(step..<step + 1, alongAxis: 2).transposedMatrices()
  }
}
