import Autodiff
import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Plans

/// What operators say of themselves, against what they do.
@Suite struct OperatorTraitTests {
  /// Scalars away from 0, where some functions jump.
  private static func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = SplitMix64(seed: seed)
    return Tensor(
      shape,
      (0..<shape.count).map { _ in
        Float.random(in: 0.1...2, using: &random) * (Bool.random(using: &random) ? 1 : -1)
      })
  }

  /// Every way of giving an operator up to three inputs of one shape, or one input and single numbers.
  private static func elementwiseRuns(_ known: Operator, _ shape: Shape) -> [ElementwiseRun] {
    (1...3).flatMap { count in
      [true, false].map { ElementwiseRun(known: known, shape: shape, count: count, allVary: $0) }
    }
    .filter { $0.canRun }
  }

  @Test(
    "Elementwise operators are those that do to each element the same, whatever is beside it",
    arguments: Operator.table.keys.sorted())
  func elementwise(_ type: String) throws {
    // A cache that is written anew from end to end is what it is written with.
    guard type != "TensorScatter" else { return }
    let known = try #require(Operator.table[type])
    let runs = Self.elementwiseRuns(known, [2, 1, 3, 4])
    let says = runs.map(\.saysElementwise)
    let does = try runs.map { try $0.isElementwise(Self.numbers([2, 1, 3, 4], seed: 3)) }
    #expect(says == does, "\(type): \(says), \(does)")
  }

  @Test("Every elementwise role is tried")
  func tried() {
    let untried = Operator.table.values.filter { known in
      let call = TapeCall(node: Node(known.type, inputs: ["x"], outputs: ["y"]), constants: [:])
      return known.role(call).isElementwise && Self.elementwiseRuns(known, [2, 1, 3, 4]).isEmpty
    }
    #expect(untried.map(\.type) == [])
  }

  @Test("Sums are linear in their first input", arguments: OperatorCase.all)
  func linear(_ c: OperatorCase) throws {
    let offset: Bool
    switch c.role {
    case .linear, .concatenation, .arithmetic(.addition), .arithmetic(.subtraction): offset = true
    case .average, .renaming, .reshaping: offset = false
    default: return
    }
    let inputs = c.inputs(seed: 5)
    let (x, y) = (inputs[0], Self.numbers(inputs[0].shape, seed: 6))
    func f(_ x: Tensor) throws -> Tensor {
      try c.apply([Variable(x)] + inputs.dropFirst().map { Variable($0) }).value
    }
    let zero = try f(x * 0)
    if !offset { #expect(zero.norm == 0) }
    let both = try f(x * 2 - y) - zero
    let first = try f(x) - zero
    let second = try f(y) - zero
    let parts = first * 2 - second
    // Sums of some dozen terms of size 1.
    #expect((both - parts).norm <= 1e-5 * (1 + both.norm))
  }

  /// A function that moves, chooses or averages is homogeneous: ⟨f(x), g⟩ = ⟨x, f′(x)ᵀ g⟩ (Euler).
  @Test("The gradient goes where the value came from", arguments: OperatorCase.all)
  func selection(_ c: OperatorCase) throws {
    guard c.role == .selection, c.output == 0 else { return }
    let inputs = c.inputs(seed: 5)
    let (value, pullback) = try valueWithPullback(at: [inputs[0]]) { first in
      try c.apply(first + inputs.dropFirst().map { Variable($0) })
    }
    let g = Self.numbers(value.shape, seed: 8)
    let nothing = [inputs[0] * 0] + inputs.dropFirst()
    let constant = try c.apply(nothing.map { Variable($0) }).value
    let (forward, back) = (dot(value - constant, g), dot(inputs[0], pullback(g)[0]))
    let scale = Double(1 + value.norm * g.norm)
    #expect(abs(forward - back) <= 1e-4 * scale)
    #expect(back != 0)
  }

  @Test(
    "A clamp holds elements between the limits that its role names", arguments: OperatorCase.all)
  func clamp(_ c: OperatorCase) throws {
    guard case .clamp(let clamp) = c.role else {
      #expect(c.type != "Relu" && c.type != "Clip")
      return
    }
    let x = Self.numbers([50], seed: 4) * 3
    let expected = x.map { min(max($0, clamp.lower), clamp.upper) }
    #expect(try c.apply([Variable(x)]).value == expected)
    #expect(expected != x)
    #expect(c.role.isRectifier == (clamp.lower == 0))
  }

  @Test("What has kernels on channel blocks is an operator")
  func kernels() {
    #expect(Set(Lowering.blockOperators.keys).subtracting(Operator.table.keys) == [])
  }
}

/// An operator over inputs of one shape.
private struct ElementwiseRun {
  let known: Operator
  let shape: Shape
  let count: Int
  /// Whether the inputs behind the first are of the shape too; else each is a constant number.
  let allVary: Bool

  private var call: TapeCall {
    let names = (0..<count).map { "x\($0)" }
    let single = Constant(Tensor(0.375))
    let constants =
      allVary
      ? [:]
      : Dictionary(
        uniqueKeysWithValues: names.dropFirst().map { ($0, single) })
    return TapeCall(
      node: Node(known.type, inputs: names, outputs: ["y", "z"]), constants: constants)
  }

  private func run(_ inputs: [Tensor]) throws -> Tensor {
    try known.run(call.with(inputs.map { Variable($0) })).value
  }

  private var zeros: [Tensor] { call.variableNames.map { _ in Tensor(shape) } }

  var canRun: Bool {
    do {
      _ = try run(zeros)
      return true
    } catch {
      return false
    }
  }

  var saysElementwise: Bool { known.role(call).isElementwise }

  /// Whether the result has the shape, follows a permutation of the elements, and changes in the places
  /// alone that change before it.
  func isElementwise(_ x: Tensor) throws -> Bool {
    let inputs = zeros.indices.map { i in x.map { $0 + Float(i) } }
    let result = try run(inputs)
    guard result.shape == shape else { return false }
    let order = (0..<shape.count).map { ($0 * 7 + 5) % shape.count }
    func permuted(_ x: Tensor) -> Tensor { Tensor(shape, order.map { x.scalars[$0] }) }
    guard try run(inputs.map(permuted)).isSame(as: permuted(result)) else { return false }
    for place in 0..<shape.count {
      let changed = inputs.map { x in
        Tensor(shape, x.scalars.enumerated().map { $0 == place ? -$1 * 1.5 : $1 })
      }
      let other = try run(changed).scalars
      for (i, value) in other.enumerated() where i != place {
        guard Tensor(value).isSame(as: Tensor(result.scalars[i])) else { return false }
      }
    }
    return true
  }
}

extension Tensor {
  /// Whether all elements agree but for rounding, or are no numbers in the same places.
  fileprivate func isSame(as other: Tensor) -> Bool {
    zip(scalars, other.scalars).allSatisfy {
      $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= 1e-6 * max(1, abs($0))
    }
  }
}

extension OperatorCase {
  /// The call of the case's output, without values.
  var call: TapeCall {
    let (node, constants) = node
    return TapeCall(node: node, constants: constants).with(output: output)
  }

  var role: Role { Operator.table[type]?.role(call) ?? .other }
}
