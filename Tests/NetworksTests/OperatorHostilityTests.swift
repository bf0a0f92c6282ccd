import Autodiff
import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Nodes that no exporter would write.
///
/// They must be refused, not trap: a trap ends the test run.
@Suite struct OperatorHostilityTests {
  /// Extents and attributes that have broken programs before.
  private static let numbers = [0, 1, -1, 2, 3, 5, -7, 1 << 40, Int.max, Int.min + 1, -1 << 62]

  private static func isExpected(_ error: any Error) -> Bool { error is NetworkError }

  @Test("Any shapes, attributes and constants are computed or refused", arguments: OperatorCase.all)
  func mutations(_ c: OperatorCase) {
    var random = SplitMix64(seed: 11)
    for _ in 0..<150 {
      let mutant = c.mutated(numbers: Self.numbers, using: &random)
      do {
        let inputs = mutant.inputs(seed: 3)
        // Backwards, too, where it can be computed.
        let (value, pullback) = try valueWithPullback(at: inputs) { try mutant.apply($0) }
        _ = pullback(Tensor(value.shape, repeating: 1))
      } catch {
        #expect(Self.isExpected(error), "\(mutant): \(error)")
      }
    }
  }

  /// What an operator does not know, it would take for something else in silence.
  @Test("A word that is none of an operator's own is refused", arguments: OperatorCase.all)
  func words(_ c: OperatorCase) {
    for (name, value) in c.attributes {
      guard case .string = value else { continue }
      var mutant = c
      mutant.attributes[name] = .string("bogus")
      #expect(throws: NetworkError.self, "\(mutant)") {
        try mutant.apply(mutant.inputs(seed: 3).map { Variable($0) })
      }
    }
  }

  @Test("So they are in a plan", arguments: OperatorCase.all)
  func plans(_ c: OperatorCase) {
    var random = SplitMix64(seed: 13)
    for _ in 0..<60 {
      let mutant = c.mutated(numbers: Self.numbers, using: &random)
      var (node, constants) = mutant.node
      // The first input is the network's; the others that vary are constants of its graph.
      for (i, input) in mutant.inputs(seed: 3).enumerated().dropFirst() {
        constants["input\(i)"] = Constant(input)
      }
      if Bool.random(using: &random) { node.inputs = Array(node.inputs.dropLast()) }
      let shape = mutant.shapes.first ?? [1]
      let graph = Graph(
        inputs: [.init(name: "input0", dimensions: shape.dimensions)], outputs: ["output0"],
        nodes: [node], constants: constants)
      do {
        let plan = try Network(graph: graph).plan(
          inputShape: shape, readings: [Reading("output0")], threads: 1)
        let result = try plan.forward(Tensor(shape, repeating: 0.5))[0]
        _ = try plan.backward([result])
      } catch {
        #expect(Self.isExpected(error), "\(mutant): \(error)")
      }
    }
  }
}

extension OperatorCase {
  /// The same with a few things changed.
  fileprivate func mutated(numbers: [Int], using random: inout SplitMix64) -> OperatorCase {
    var mutant = self
    func number() -> Int { numbers[Int.random(in: 0..<numbers.count, using: &random)] }
    func some<T>(_ values: [T]) -> [T] {
      values.filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
    }
    for i in mutant.shapes.indices where Int.random(in: 0..<3, using: &random) == 0 {
      var dimensions = mutant.shapes[i].dimensions
      switch Int.random(in: 0..<4, using: &random) {
      case 0: dimensions = Array(dimensions.dropFirst())
      case 1: dimensions.append(Int.random(in: 0..<4, using: &random))
      default:
        if let axis = dimensions.indices.randomElement(using: &random) {
          dimensions[axis] = Int.random(in: 0..<5, using: &random)
        }
      }
      mutant.shapes[i] = Shape(dimensions)
    }
    for (name, attribute) in attributes where Int.random(in: 0..<3, using: &random) == 0 {
      switch attribute {
      case .int: mutant.attributes[name] = .int(number())
      case .ints(let values): mutant.attributes[name] = .ints(some(values) + [number()])
      case .string: mutant.attributes[name] = .string("nonsense")
      case .float: mutant.attributes[name] = .float([0, -1, .nan, .infinity][abs(number() % 4)])
      default: mutant.attributes[name] = nil
      }
    }
    for name in ["axis", "axes", "pads", "strides", "dilations", "group", "kernel_shape", "p"]
    where Int.random(in: 0..<12, using: &random) == 0 {
      mutant.attributes[name] =
        Bool.random(using: &random) ? .int(number()) : .ints([number(), number()])
    }
    for i in mutant.constants.indices where Int.random(in: 0..<3, using: &random) == 0 {
      guard let constant = mutant.constants[i] else { continue }
      var values = constant.tensor.scalars
      if let place = values.indices.randomElement(using: &random) {
        values[place] = Float(number())
      }
      mutant.constants[i] =
        Int.random(in: 0..<5, using: &random) == 0
        ? Constant(Tensor([values.count + 1], values + [Float(number())]), isInteger: true)
        : Constant(Tensor(constant.tensor.shape, values), isInteger: constant.isInteger)
    }
    mutant.output = Int.random(in: 0..<8, using: &random) == 0 ? outputs - 1 : output
    return mutant
  }
}
