import Attribution
import Autodiff
import Graphs
import Tensors

/// A weighted sum of one picture's numbers, written out: `z_j = Σ_i w_ij x_i + b_j`.
struct WeightedSum {
  /// One row an input.
  private var weights: [[Double]] = []
  private var bias: [Double]
  /// What rounding of the sums is imitated with; `nil` for none.
  private var noise: SplitMix64?

  private static let length: Float = 4096

  /// Runs nodes at 0 and at every unit vector, made long so that the bias beside it rounds nothing away.
  ///
  /// - Parameters:
  ///   - nodes: The first, and affine ones behind it.
  ///   - shape: Of what goes into the first.
  ///   - constants: The graph's.
  ///   - ones: Whether every weight counts as 1 and there is no bias: who is connected to whom.
  ///   - noise: What rounding of the sums is imitated with: some 1e-6 of what a sum is made of; `nil` for none.
  /// - Throws: What the operators throw.
  init(
    _ nodes: [Node], of shape: Shape, _ constants: [String: Constant], onesInPlace ones: Bool,
    noise: SplitMix64? = nil
  ) throws {
    self.noise = noise
    var (nodes, constants) = (nodes, constants)
    if ones {
      nodes = [nodes[0]]
      nodes[0].attributes["alpha"] = nil
      nodes[0].inputs = Array(nodes[0].inputs.prefix(2))
      constants[nodes[0].inputs[1]] = constants[nodes[0].inputs[1]].map {
        Constant(Tensor($0.tensor.shape, repeating: 1))
      }
    }
    let one = Shape([1] + shape.dimensions.dropFirst())
    let n = one.count
    var units = [Float](repeating: 0, count: (n + 1) * n)
    for i in 0..<n { units[(i + 1) * n + i] = Self.length }
    var x = Tensor(Shape([n + 1] + shape.dimensions.dropFirst()), units)
    for node in nodes {
      guard let run = Operator.table[node.type]?.run else {
        throw NetworkError.unsupported([node.title])
      }
      let call = TapeCall(node: node, constants: constants)
      x = try run(call.with([Variable(x)])).value
    }
    let (rows, m) = (x.scalars, x.count / (n + 1))
    bias = rows[0..<m].map { Double($0) }
    weights = (1...n).map { i in
      (0..<m).map { (Double(rows[i * m + $0]) - Double(rows[$0])) / Double(Self.length) }
    }
  }

  /// The inputs' relevance.
  ///
  /// - Parameters:
  ///   - relevance: Of the outputs.
  ///   - rule: How it is shared out.
  ///   - x: The inputs.
  /// - Returns: One number an input.
  func shared(_ relevance: [Double], by rule: RelevanceRule, at x: [Double]) -> [Double] {
    let (low, high) = (x.min() ?? 0, x.max() ?? 0)
    switch rule {
    case .epsilon(let epsilon):
      return shared(relevance, epsilon: Double(epsilon), bias: bias) { $1 * x[$0] }
    case .zPlus:
      return shared(relevance, bias: bias.map(positive)) { positive($1 * x[$0]) }
    case .alphaBeta(let alpha, let beta):
      let up = shared(relevance, bias: bias.map(positive)) { positive($1 * x[$0]) }
      let down = shared(relevance, bias: bias.map(negative)) { negative($1 * x[$0]) }
      return zip(up, down).map { Double(alpha) * $0 - Double(beta) * $1 }
    case .gamma(let gamma):
      return byGamma(relevance, Double(gamma), at: x)
    case .box(let range):
      let (low, high) = range.map { (Double($0.lowerBound), Double($0.upperBound)) } ?? (low, high)
      return shared(relevance, bias: bias.map { _ in 0 }) {
        $1 * x[$0] - positive($1) * low - negative($1) * high
      }
    case .flat: return shared(relevance, bias: bias) { $1 }
    case .wSquare: return shared(relevance, bias: bias.map { $0 * $0 }) { $1 * $1 }
    }
  }

  /// Those of the output's own sign count more.
  private func byGamma(_ relevance: [Double], _ gamma: Double, at x: [Double]) -> [Double] {
    let z = sums(bias) { $1 * x[$0] }
    func part(_ sign: Double, _ side: @escaping (Double) -> Double) -> [Double] {
      let own = relevance.indices.map { z[$0] * sign > 0 ? relevance[$0] : 0 }
      return shared(own, bias: bias.map { $0 + gamma * side($0) }) {
        $1 * x[$0] + gamma * side($1 * x[$0])
      }
    }
    return zip(part(1, positive), part(-1, negative)).map { $0 + $1 }
  }

  /// What every output adds up, with rounding where it is imitated.
  private func sums(
    _ bias: [Double], _ contribution: (_ input: Int, _ weight: Double) -> Double
  ) -> [Double] {
    var (sums, squares) = (bias, bias.map { $0 * $0 })
    for (i, row) in weights.enumerated() {
      for j in row.indices where row[j] != 0 {
        let term = contribution(i, row[j])
        sums[j] += term
        squares[j] += term * term
      }
    }
    guard var noise else { return sums }
    let draws = Tensor.normal([sums.count], using: &noise).scalars
    return sums.indices.map { sums[$0] + 1e-6 * squares[$0].squareRoot() * Double(draws[$0]) }
  }

  /// `R_i = Σ_j c_ij / (Σ_i c_ij + b_j) · R_j`, denominators kept from 0.
  private func shared(
    _ relevance: [Double], epsilon: Double = 1e-6, bias: [Double],
    _ contribution: (_ input: Int, _ weight: Double) -> Double
  ) -> [Double] {
    let quotients = zip(relevance, sums(bias, contribution)).map {
      $0 / RelevanceDefinition.stabilized($1, by: epsilon)
    }
    return weights.enumerated().map { i, row in
      row.indices.reduce(0) { sum, j in
        row[j] == 0 ? sum : sum + contribution(i, row[j]) * quotients[j]
      }
    }
  }
}

private func positive(_ x: Double) -> Double { max(x, 0) }
private func negative(_ x: Double) -> Double { min(x, 0) }
