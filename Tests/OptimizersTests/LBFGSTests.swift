import Optimizers
import Tensors
import Testing

/// Updates of PyTorch 2.15's `LBFGS`, in double precision, from (−1.2, 1, −½, 0.8) down
/// `Σ (1 − xᵢ)² + 5 (xᵢ₊₁ − xᵢ²)²`.
struct LBFGSCase: CustomTestStringConvertible {
  let name: String
  let optimizer: LBFGS
  let updates: Int
  let evaluations: Int
  let expected: [Float]
  var testDescription: String { "\(name), \(updates) updates" }

  static let all = [
    LBFGSCase(
      name: "lr=.3, max_iter=1", optimizer: LBFGS(learningRate: 0.3, iterations: 1), updates: 8,
      evaluations: 8, expected: [-0.617144113, 0.567954731, 0.364341723, 0.159037355]),
    LBFGSCase(
      name: "lr=.2, max_iter=3, history_size=2",
      optimizer: LBFGS(learningRate: 0.2, iterations: 3, history: 2), updates: 8,
      evaluations: 24, expected: [-0.618109892, 0.607774954, 0.456016113, 0.217489056]),
    LBFGSCase(
      name: "max_iter=1, strong_wolfe",
      optimizer: LBFGS(iterations: 1, search: .strongWolfe), updates: 8, evaluations: 16,
      expected: [-0.114536345, 0.308100286, 0.248271926, 0.0342032156]),
    LBFGSCase(
      name: "max_iter=1, history_size=2, strong_wolfe",
      optimizer: LBFGS(iterations: 1, history: 2, search: .strongWolfe), updates: 8,
      evaluations: 16, expected: [0.186500909, 0.271261901, 0.251250938, 0.0091911457]),
    LBFGSCase(
      name: "max_iter=4, strong_wolfe", optimizer: LBFGS(iterations: 4, search: .strongWolfe),
      updates: 3, evaluations: 15, expected: [0.711113026, 0.434973399, 0.243455868, 0.0118166077]),
    LBFGSCase(
      name: "max_iter=4, strong_wolfe", optimizer: LBFGS(iterations: 4, search: .strongWolfe),
      updates: 8, evaluations: 34, expected: [1, 1, 1, 1]),
  ]
}

@Suite struct LBFGSTests {
  @Test("Updates as PyTorch's", arguments: LBFGSCase.all)
  func trajectory(_ c: LBFGSCase) {
    var optimizer = c.optimizer
    var x = [Tensor([3], [-1.2, 1, -0.5]), Tensor([1], [0.8])]
    var evaluations = 0
    for _ in 0..<c.updates {
      optimizer.update(&x) { x in
        evaluations += 1
        return rosenbrock(x)
      }
    }
    let found = x[0].scalars + x[1].scalars
    #expect(evaluations == c.evaluations)
    for (a, b) in zip(found, c.expected) { #expect(abs(a - b) < 1e-4, "\(found)") }
  }

  @Test("At a minimum it stays")
  func atMinimum() {
    var optimizer = LBFGS(search: .strongWolfe)
    var x = [Tensor([3], repeating: 1), Tensor([1], [1])]
    for _ in 0..<3 { #expect(optimizer.update(&x, evaluating: rosenbrock) == 0) }
    #expect(x[0].scalars == [1, 1, 1])
  }

  /// The value and the gradient, computed in double precision.
  private func rosenbrock(_ parameters: [Tensor]) -> (value: Float, gradient: [Tensor]) {
    let x = (parameters[0].scalars + parameters[1].scalars).map(Double.init)
    var (value, gradient) = (0.0, [Double](repeating: 0, count: 4))
    for i in 0..<3 {
      let (a, b) = (1 - x[i], x[i + 1] - x[i] * x[i])
      value += a * a + 5 * b * b
      gradient[i] += -2 * a - 20 * b * x[i]
      gradient[i + 1] += 10 * b
    }
    let g = gradient.map { Float($0) }
    return (Float(value), [Tensor([3], g[..<3]), Tensor([1], g[3...])])
  }
}
