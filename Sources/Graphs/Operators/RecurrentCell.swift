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
  /// (size, gates · size).
  let recurrence: Variable
  let bias: Variable?
  /// What input, output and forget gates see of the cell, one row each.
  let peepholes: Variable?
  let functions: [Function]
  /// What sums are held within before a function; 0: nothing.
  let clip: Float

  func clipped(_ x: Variable) -> Variable { clip > 0 ? x.clamped(to: -clip...clip) : x }

  /// What the state adds to all gates' sums.
  func recurred(_ hidden: Variable) -> Variable {
    let product = matmul(hidden, recurrence)
    return bias.map { product + $0 } ?? product
  }

  /// A gate's part of the sums.
  private func gate(_ index: Int, of sums: Variable) -> Variable {
    sums.sliced(index * size..<(index + 1) * size, alongAxis: 1)
  }

  /// A step of a gated recurrent unit; gates are update, reset, candidate.
  func gatedUnit(
    _ x: Variable, _ state: State, resetsFirst: Bool
  ) -> (hidden: Variable, cell: Variable) {
    let before = recurred(state.hidden)
    let update = functions[0](clipped(gate(0, of: x) + gate(0, of: before)))
    let reset = functions[0](clipped(gate(1, of: x) + gate(1, of: before)))
    let recalled =
      resetsFirst
      ? gate(2, of: recurred(reset * state.hidden)) : reset * gate(2, of: before)
    let candidate = functions[1](clipped(gate(2, of: x) + recalled))
    return ((1 - update) * candidate + update * state.hidden, state.cell)
  }

  /// A step of long short-term memory; gates are input, output, forget, candidate.
  func longShortTermMemory(
    _ x: Variable, _ state: State, couples: Bool
  ) -> (hidden: Variable, cell: Variable) {
    let sums = x + recurred(state.hidden)
    func seen(_ gate: Int, _ cell: Variable) -> Variable {
      let sum = self.gate(gate, of: sums)
      return peepholes.map { sum + $0.sliced(gate..<gate + 1, alongAxis: 0) * cell } ?? sum
    }
    let input = functions[0](clipped(seen(0, state.cell)))
    let forget = couples ? 1 - input : functions[0](clipped(seen(2, state.cell)))
    let candidate = functions[1](clipped(gate(3, of: sums)))
    let cell = forget * state.cell + input * candidate
    let output = functions[0](clipped(seen(1, cell)))
    return (output * functions[2](cell), cell)
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
