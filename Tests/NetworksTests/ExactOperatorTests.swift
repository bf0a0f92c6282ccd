import Autodiff
import Tensors
import Testing

@testable import Blocks
@testable import Exactness
@testable import Graphs

/// Operators in Double beside the tape's, and their gradients beside differences in Double.
@Suite struct ExactOperatorTests {
  private static let cases = OperatorCase.all.filter { ExactOperator.table[$0.type] != nil }

  /// The forms of known operators that nothing is known of: they must say so.
  private static let leftOut: Set<String> = [
    "Attention", "BatchNormalization", "DequantizeLinear", "LSTM", "LayerNormalization", "MaxPool",
    "Pad", "RNN", "Resize", "ScatterElements", "ScatterND", "Upsample", "Einsum",
  ]

  /// The case's node at some inputs; nil for a form that is left out.
  private func applied(_ c: OperatorCase, _ inputs: [Exact]) throws -> Exact? {
    let (node, constants) = c.node
    var operands: [String: ExactCall.Operand] = [:]
    for (place, input) in inputs.enumerated() {
      operands["input\(place)"] = .init(exact: input, type: .float, constant: nil)
    }
    for (name, constant) in constants {
      operands[name] = .init(
        exact: Exact(constant.tensor), type: constant.type, constant: constant)
    }
    let call = ExactCall(
      node: node, output: c.output, operands: operands, decisions: Decisions())
    do {
      return try ExactOperator.table[c.type]?.run(call)
    } catch is ExactnessError {
      #expect(Self.leftOut.contains(c.type), "\(c)")
      return nil
    }
  }

  /// A wrong operator is wrong by a hundredth or more; floats of these sizes have six digits.
  @Test("Values are the tape's but for its rounding", arguments: cases)
  func values(_ c: OperatorCase) throws {
    let inputs = c.inputs(seed: 5)
    guard let exact = try applied(c, inputs.map { Exact($0) }) else { return }
    let float = try c.apply(inputs.map { Variable($0) }).value
    #expect(exact.shape == float.shape)
    let largest = exact.scalars.reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
    for (own, other) in zip(exact.scalars, float.scalars) where own != Double(other) {
      #expect(abs(own - Double(other)) <= 1e-5 * max(1, largest), "\(own), the tape \(other)")
    }
  }

  /// Central differences of step 1e-5 are right to some 1e-9 in Double.
  @Test("Gradients are those of differences", arguments: cases)
  func differences(_ c: OperatorCase) throws {
    guard c.type != "QuantizeLinear" else { return }  // straight through
    let inputs = c.inputs(seed: 5).map { Exact($0).asInput }
    guard let result = try applied(c, inputs), let way = result.way else { return }
    var random = SplitMix64(seed: 7)
    func drawn(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double.random(in: -1...1, using: &random) }
    }
    let weights = drawn(way.count)
    let directions = inputs.map { drawn($0.scalars.count) }
    var derivative = 0.0
    for (input, direction) in zip(inputs, directions) {
      guard let start = input.way else { continue }
      let gradient = Way.gradient([(way, weights)], to: start)
      derivative += zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    }
    func sum(_ step: Double) throws -> Double {
      let moved = zip(inputs, directions).map { input, direction in
        Exact(input.shape, zip(input.scalars, direction).map { $0 + step * $1 })
      }
      let values = try applied(c, moved)?.scalars ?? []
      return zip(values, weights).reduce(0) { $1.0.isFinite ? $0 + $1.0 * $1.1 : $0 }
    }
    let difference = (try sum(1e-5) - sum(-1e-5)) / 2e-5
    #expect(
      abs(derivative - difference) <= 1e-6 * max(1, abs(difference)),
      "\(derivative), differences \(difference)")
  }

  @Test("A product of matrices is its definition, whatever their extents")
  func products() {
    var random = SplitMix64(seed: 3)
    for (rows, columns, inner) in [(1, 1, 1), (5, 3, 7), (4, 70, 300), (260, 33, 257)] {
      let a = (0..<rows * inner).map { _ in Double.random(in: -1...1, using: &random) }
      let b = (0..<inner * columns).map { _ in Double.random(in: -1...1, using: &random) }
      let c = Exact.product(Exact([rows, inner], a), Exact([inner, columns], b)).scalars
      for row in 0..<rows {
        for column in 0..<columns {
          let sum = (0..<inner).reduce(0) { $0 + a[row * inner + $1] * b[$1 * columns + column] }
          #expect(abs(c[row * columns + column] - sum) < 1e-12)
        }
      }
    }
  }
}
