import Autodiff
import Tensors

/// One direction of a recurrent layer: its weights, and the steps that it can take.
struct RecurrentCell {
  typealias Function = @Sendable (Variable) -> Variable

  /// What goes from step to step, (batch, size) each; only long short-term memory uses both.
  struct State {
    var hidden: Variable
    var cell: Variable
  }

  let size: Int
  /// (gates · size, size).
  let recurrence: Variable
  /// The same turned over, (size, gates · size).
  let turned: Variable
  let bias: Variable?
  /// What input, output and forget gates see of the cell, one row each.
  let peepholes: Variable?
  let functions: [Function]
  /// What sums are held within before a function; 0: nothing.
  let clip: Float

  func clipped(_ x: Variable) -> Variable { clip > 0 ? x.clamped(to: -clip...clip) : x }

  /// What the state adds to all gates' sums.
  func recurred(_ hidden: Variable) -> Variable {
    let sums = product(hidden, turned, turned: recurrence)
    return bias.map { sums + $0 } ?? sums
  }

  /// The gates' parts of the sums.
  private func gates(of sums: Variable) -> [Variable] {
    parts(of: sums, count: sums.shape[1] / size, alongAxis: 1)
  }

  /// A step of a gated recurrent unit; gates are update, reset, candidate.
  func gatedUnit(
    _ x: Variable, _ state: State, resetsFirst: Bool
  ) -> (hidden: Variable, cell: Variable) {
    let (x, before) = (gates(of: x), gates(of: recurred(state.hidden)))
    let update = functions[0](clipped(x[0] + before[0]))
    let reset = functions[0](clipped(x[1] + before[1]))
    let recalled =
      resetsFirst ? gates(of: recurred(reset * state.hidden))[2] : reset * before[2]
    let candidate = functions[1](clipped(x[2] + recalled))
    return ((1 - update) * candidate + update * state.hidden, state.cell)
  }

  /// A step of long short-term memory; gates are input, output, forget, candidate.
  func longShortTermMemory(
    _ x: Variable, _ state: State, couples: Bool
  ) -> (hidden: Variable, cell: Variable) {
    let sums = gates(of: x + recurred(state.hidden))
    func seen(_ gate: Int, _ cell: Variable) -> Variable {
      peepholes.map { sums[gate] + $0.sliced(gate..<gate + 1, alongAxis: 0) * cell } ?? sums[gate]
    }
    let input = functions[0](clipped(seen(0, state.cell)))
    let forget = couples ? 1 - input : functions[0](clipped(seen(2, state.cell)))
    let candidate = functions[1](clipped(sums[3]))
    let cell = forget * state.cell + input * candidate
    let output = functions[0](clipped(seen(1, cell)))
    return (output * functions[2](cell), cell)
  }
}

/// A product with a matrix whose transpose is at hand, so that its gradient need not turn it at every step.
///
/// - Parameters:
///   - x: (rows, inner).
///   - matrix: (inner, columns).
///   - turned: The matrix turned over.
/// - Returns: (rows, columns).
func product(_ x: Variable, _ matrix: Variable, turned: Variable) -> Variable {
  guard !matrix.isTraced, !turned.isTraced else { return matmul(x, matrix) }
  return Variable(.matmul(x.value, matrix.value), operation: "matmul", inputs: [x]) { g in
    [product(g, turned, turned: matrix)]
  }
}

/// The equal parts of a tensor along an axis; their gradients are put together at once.
func parts(of x: Variable, count: Int, alongAxis axis: Int) -> [Variable] {
  let extent = x.shape[axis] / count
  let values = (0..<count).map { place in
    var ranges = x.shape.dimensions.map { 0..<$0 }
    ranges[axis] = place * extent..<(place + 1) * extent
    return x.value.sliced(ranges)
  }
  let shape = values[0].shape
  return Variable.results(values, operation: "parts", inputs: [x]) { cotangents in
    let all = (0..<count).map { (cotangents[checked: $0] ?? nil) ?? Variable(Tensor(shape)) }
    return [concatenate(all, alongAxis: axis)]
  }
}

extension RecurrentCell {
  /// The functions of each direction that a node names, or the usual ones.
  ///
  /// - Throws: `NetworkError` for one that is not known.
  static func functions(
    _ call: TapeCall, usual: [String], directions: Int
  ) throws -> [[Function]] {
    var names = [[String]](repeating: usual, count: directions).flatMap { $0 }
    if case .strings(let given)? = call.node.attributes["activations"] { names = given }
    try call.require(names.count == usual.count * directions, "activations \(names)")
    // Numbers go to the functions that take them, in order.
    var (alphas, betas): ([Float], [Float]) = ([], [])
    if case .floats(let given)? = call.node.attributes["activation_alpha"] { alphas = given }
    if case .floats(let given)? = call.node.attributes["activation_beta"] { betas = given }
    func next(_ list: inout [Float], _ usual: Float) -> Float {
      list.isEmpty ? usual : list.removeFirst()
    }
    let all = try names.map { name -> Function in
      switch name.lowercased() {
      case "sigmoid": return { sigmoid($0) }
      case "tanh": return { tanh($0) }
      case "relu": return { relu($0) }
      case "softsign":
        return { x in pointwise(x, { $0 / (1 + abs($0)) }) { 1 / ((1 + abs($0)) * (1 + abs($0))) } }
      case "affine":
        let (alpha, beta) = (next(&alphas, 1), next(&betas, 0))
        return { $0 * alpha + beta }
      case "leakyrelu":
        let alpha = next(&alphas, 0.01)
        return { x in pointwise(x, { $0 < 0 ? alpha * $0 : $0 }) { $0 < 0 ? alpha : 1 } }
      case "scaledtanh":
        let (alpha, beta) = (next(&alphas, 1), next(&betas, 1))
        return { tanh($0 * beta) * alpha }
      case "hardsigmoid":
        let (alpha, beta) = (next(&alphas, 0.2), next(&betas, 0.5))
        return { ($0 * alpha + beta).clamped(to: 0...1) }
      default: throw call.invalid("the activation '\(name)' is not known here")
      }
    }
    return (0..<directions).map { Array(all[$0 * usual.count..<($0 + 1) * usual.count]) }
  }
}
