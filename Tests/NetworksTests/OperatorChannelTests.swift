import Autodiff
import Tensors
import Testing

@testable import Blocks
@testable import Graphs

/// What operators say of axes, against what they do.
@Suite struct OperatorChannelTests {
  private static let cases = OperatorCase.all.filter { ($0.shapes.first?.rank ?? 0) >= 2 }

  @Test("Operators that keep axes follow a permutation along one", arguments: cases)
  func kept(_ c: OperatorCase) throws {
    guard let known = Operator.table[c.type], known.channels(c.call) == .kept else { return }
    let inputs = c.inputs(seed: 5)
    let result = try c.apply(inputs.map { Variable($0) }).value
    let shape = inputs[0].shape
    #expect(result.shape.rank == shape.rank)
    // Axes that the operator itself works along, by a window or a sum, change what they hold.
    let axes = shape.dimensions.indices.filter { [1, shape[$0]].contains(result.shape[$0]) }
    guard !axes.isEmpty else { return }
    let follows = try axes.contains { axis in
      var permuted = c
      permuted.constants = c.constants.map { constant in
        constant.map { Constant($0.tensor.rolled(axis, of: shape), isInteger: $0.isInteger) }
      }
      let turned = try permuted.apply(inputs.map { Variable($0.rolled(axis, of: shape)) }).value
      let expected = result.shape[axis] == 1 ? result : result.rolled(axis, of: result.shape)
      return (turned - expected).norm <= 1e-5 * (1 + expected.norm)
    }
    #expect(follows)
  }

  @Test("A transposition says where each axis comes from")
  func transposed() throws {
    let known = try #require(Operator.table["Transpose"])
    let node = Node(
      "Transpose", inputs: ["x"], outputs: ["y"], attributes: ["perm": .ints([2, 0, 1])])
    let call = TapeCall(node: node, constants: [:])
    #expect(known.channels(call) == .transposed([2, 0, 1]))
    let x = Variable(Tensor([2, 3, 4]))
    #expect(try known.run(call.with([x])).shape == [4, 2, 3])
    #expect(ChannelAxis.first.transposed(by: [0, 2, 1], forward: true) == .last)
  }

  /// Pools and batch norms do to each channel of axis 1 what they do to it alone.
  @Test(
    "Operators with channels at axis 1 follow a permutation of them",
    arguments: [
      "MaxPool", "AveragePool", "LpPool", "GlobalLpPool", "GlobalAveragePool",
      "GlobalMaxPool", "InstanceNormalization", "BatchNormalization", "GridSample",
    ])
  func first(_ type: String) throws {
    for c in OperatorCase.all where c.type == type && c.role != .step && !c.isTraining {
      #expect(Operator.table[type]?.channels(c.call) == .first)
      var inputs = c.inputs(seed: 5)
      // Positive, as variances are.
      inputs = inputs.map { $0.map { abs($0) } }
      func turned(_ x: Tensor) -> Tensor {
        x.shape.rank == 1 ? x.rolled(0, of: x.shape) : x.rolled(1, of: x.shape)
      }
      let result = try c.apply(inputs.map { Variable($0) }).value
      let own = type == "GridSample" ? [turned(inputs[0]), inputs[1]] : inputs.map(turned)
      let expected = turned(result)
      let other = try c.apply(own.map { Variable($0) }).value
      #expect((other - expected).norm <= 1e-5 * expected.norm)
    }
  }
}

extension OperatorCase {
  fileprivate var isTraining: Bool { attributes["training_mode"] != nil }
}

extension Tensor {
  /// The same turned by one place along an axis of a shape that it broadcasts to; as it is where it does
  /// not vary along that.
  fileprivate func rolled(_ axis: Int, of whole: Shape) -> Tensor {
    let own = axis - whole.rank + shape.rank
    guard own >= 0, own < shape.rank, shape[own] == whole[axis], shape[own] > 1 else { return self }
    let extent = shape[own]
    return gathered((0..<extent).map { ($0 + 1) % extent }, alongAxis: own)
  }
}
