import Autodiff
import Tensors
import Testing

@testable import Blocks
@testable import Exactness
@testable import Graphs

/// Operators in Double beside the tape's, and their gradients beside differences in Double.
@Suite struct ExactOperatorTests {
  private static let cases = OperatorCase.all.filter { ExactOperator.table[$0.type] != nil }

  /// The cases of known operators whose form is not known: they must say so, and no other may.
  private static let leftOut: Set<String> = [
    "BatchNormalization-18 of 2×3×4, 3, 3, 3, 3 with training_mode: int(1)",
    "Einsum-18 of 2×3, 3, 2 with equation: string(\"ij,j,i->\")",
    "Einsum-18 of 2×3×4, 3×5 with equation: string(\"bij,ik\")",
    "Einsum-18 of 3×3 with equation: string(\"ii->i\")",
    "LSTM-18 of 1×2×2, 1×8×2, 1×8×2, 1×16, 1×1×2, 1×1×2, 1×6 with layout: int(1), output 2",
    "LSTM-18 of 3×2×2, 2×8×2, 2×8×2, 2×16 with direction: string(\"bidirectional\")",
    "LayerNormalization-18 of 2×3×4, 4, 4, output 1",
    "LayerNormalization-18 of 2×3×4, 4, 4, output 2",
    "Mod-18 of 4, 4 with fmod: int(1)",
    "R"
      + "esize-18 of 1×2×4×5 with coordinate_transformation_mode: string(\"half_pixel_symmetric\"), mode: string(\"cubic\")",
    "R"
      + "esize-18 of 1×2×4×5 with coordinate_transformation_mode: string(\"half_pixel_symmetric\"), mode: string(\"linear\")",
    "R"
      + "esize-18 of 1×2×4×5 with coordinate_transformation_mode: string(\"half_pixel_symmetric\"), mode: string(\"nearest\")",
    "RoiAlign-18 of 2×2×5×6 with mode: string(\"max\"), output_height: int(2), "
      + "output_width: int(3), sampling_ratio: int(2), spatial_scale: float(0.5)",
    "ScatterElements-18 of 4×2, 2×2 with reduction: string(\"max\")",
    "ScatterElements-18 of 4×2, 2×2 with reduction: string(\"min\")",
    "ScatterElements-18 of 4×2, 2×2 with reduction: string(\"mul\")",
  ]

  /// The case's node at some inputs; nil for a form that is left out.
  private func applied(_ c: OperatorCase, _ inputs: [Exact]) throws -> Exact? {
    let (node, constants) = c.node
    let title = "\(c)" + (c.output == 0 ? "" : ", output \(c.output)")
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
      let result = try ExactOperator.table[c.type]?.run(call)
      #expect(!Self.leftOut.contains(title), "\(title) is known")
      return result
    } catch is ExactnessError {
      #expect(Self.leftOut.contains(title), "\(title)")
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
