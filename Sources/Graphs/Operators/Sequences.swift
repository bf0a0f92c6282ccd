import Autodiff
import Blocks
import Memory
import Tensors

extension Operator {
  /// Operators of models that go along a sequence of steps.
  static let steps: [Operator] = [
    Operator("ReverseSequence", .selection, reverseSequence),
    Operator("TensorScatter", .other, tensorScatter),
    Operator(
      "LinearAttention", .other,
      cost: { node in
        guard let keys = node.input(1), let values = node.input(2), keys.rank == 3 else {
          return 0
        }
        let heads = max(1, node.node.int("kv_num_heads", default: 1))
        let shared = max(1, node.node.int("q_num_heads", default: 1) / heads)
        let rule = node.node.string("update_rule", default: "gated_delta")
        // What is read, what is written and, by the delta rule, what is corrected.
        return MemoryLimit.product([
          keys.count / heads, values.dimensions.last ?? 0,
          MemoryLimit.sum(shared, rule.hasSuffix("delta") ? 2 : 1),
        ])
      }, linearAttention),
    Operator(
      "CausalConvWithState", .other, channels: .first,
      cost: { node in
        MemoryLimit.product([node.input(0)?.count ?? 0, node.input(1)?.dimensions.last ?? 0])
      }, causalConvolution),
  ]

  /// The first so many steps of every sequence backwards, the rest as it is.
  private static func reverseSequence(_ call: TapeCall) throws -> Variable {
    let (x, lengths) = (try call.input(0), try call.input(1))
    let time = call.node.int("time_axis", default: 0)
    let batch = call.node.int("batch_axis", default: 1)
    try call.require(
      x.shape.rank >= 2 && [[0, 1], [1, 0]].contains([time, batch])
        && lengths.shape == [x.shape[batch]], "\(lengths.shape) lengths for \(x.shape)")
    let counts = Constant(lengths.value).integers.map { max(0, min(x.shape[time], $0)) }
    let inner = x.shape.dimensions[2...].reduce(1, *)
    let places = (0..<x.shape[0] * x.shape[1]).flatMap { row -> [Int] in
      let (i, j) = (row / x.shape[1], row % x.shape[1])
      let (step, count) = time == 0 ? (i, counts[j]) : (j, counts[i])
      let other = step < count ? count - 1 - step : step
      let start = (time == 0 ? other * x.shape[1] + j : i * x.shape[1] + other) * inner
      return Array(start..<start + inner)
    }
    return x.picked(places, shape: x.shape)
  }

  /// A cache with new steps written over old ones, from a place for each picture on.
  private static func tensorScatter(_ call: TapeCall) throws -> Variable {
    let (past, update) = (try call.input(0), try call.input(1))
    let axis = try call.axis(call.node.int("axis", default: -2), rank: past.shape.rank)
    var expected = past.shape
    try call.require(update.shape.rank == past.shape.rank && axis > 0, "\(update.shape)")
    expected[axis] = update.shape[axis]
    let (length, steps) = (past.shape[axis], update.shape[axis])
    try call.require(
      update.shape == expected && steps <= length, "updates \(update.shape) for \(past.shape)")
    let isCircular = try call.word("mode", of: ["linear", "circular"]) == "circular"
    var starts = [Int](repeating: 0, count: past.shape[0])
    if let given = call.optionalInput(2) {
      try call.require(given.shape == [past.shape[0]], "\(given.shape) places to write at")
      starts = Constant(given.value).integers
    }
    // What is computed may point anywhere: a linear cache is written within itself.
    starts = starts.map { isCircular ? $0 % max(1, length) : max(0, min(length - steps, $0)) }
    let outer = past.shape.dimensions[..<axis].reduce(1, *)
    let inner = past.shape.dimensions[(axis + 1)...].reduce(1, *)
    let places = (0..<outer).flatMap { row in
      (0..<steps).flatMap { step -> [Int] in
        let own = starts[row * past.shape[0] / outer] + step
        let place = isCircular ? (own % length + length) % length : own
        return (0..<inner).map { (row * length + place) * inner + $0 }
      }
    }
    return replaced(past, places, update)
  }

  /// A convolution of each channel by itself that sees what has been; what it still needs is the second output.
  private static func causalConvolution(_ call: TapeCall) throws -> Variable {
    let (x, weights) = (try call.input(0), try call.input(1))
    try call.require(
      x.shape.rank == 3 && weights.shape.rank == 3 && weights.shape[0] == x.shape[1]
        && weights.shape[1] == 1 && weights.shape[2] > 0, "weights \(weights.shape) for \(x.shape)")
    let (channels, length, size) = (x.shape[1], x.shape[2], weights.shape[2])
    let before: Shape = [x.shape[0], channels, size - 1]
    let nothing = Variable(Tensor(try call.shape(before.dimensions)))
    let past = call.optionalInput(3) ?? nothing
    try call.require(past.shape == before, "a past of \(past.shape), not \(before)")
    let whole = concatenate([past, x], alongAxis: 2)
    if call.output == 1 { return whole.sliced(length..<length + size - 1, alongAxis: 2) }
    let shape = try call.shape([x.shape[0], channels, size, length])
    let places = (0..<size).flatMap { tap in (0..<length).map { tap + $0 } }
    let windows = whole.pickedInRows(places).reshaped(to: shape)
    var y = (windows * weights.reshaped(to: [channels, size, 1])).sum(alongAxes: [2])
      .reshaped(to: x.shape)
    if let bias = call.optionalInput(2) {
      try call.require(bias.shape == [channels], "a bias of \(bias.shape)")
      y = y + bias.reshaped(to: [channels, 1])
    }
    switch call.node.string("activation", default: "none") {
    case "none": return y
    case "silu", "swish": return y * sigmoid(y)
    case let other: throw call.invalid("the activation '\(other)'")
    }
  }
}
