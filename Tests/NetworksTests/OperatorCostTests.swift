import Autodiff
import Tensors
import Testing

@testable import Blocks
@testable import Graphs

/// Costs and kinds of numbers, against the definitions.
@Suite struct OperatorCostTests {
  /// Without padding and biases every product of ones adds 1 to some result: their sum is the number of
  /// multiplications.
  private static let sums: [OperatorCase] = [
    .init("Conv", [[2, 4, 5, 6], [6, 2, 3, 2]], ["group": .int(2), "strides": .ints([2, 1])]),
    .init("Conv", [[1, 2, 3, 3, 3], [2, 2, 2, 2, 2]]),
    .init(
      "ConvTranspose", [[2, 4, 3, 3], [4, 2, 3, 3]], ["group": .int(2), "strides": .ints([2, 2])]),
    .init("Gemm", [[2, 3], [3, 4]]),
    .init("Gemm", [[3, 2], [4, 3]], ["transA": .int(1), "transB": .int(1)]),
    .init("MatMul", [[2, 1, 3, 4], [5, 4, 2]]), .init("MatMul", [[3], [2, 3, 4]]),
    .init("MatMul", [[2, 4, 3], [3]]), .init("MatMul", [[3], [3]]),
    .init("Einsum", [[2, 3], [3, 4]], ["equation": .string("ij,jk->ik")]),
    .init("Einsum", [[2, 3, 4], [2, 5, 4]], ["equation": .string("...id,...jd->...ij")]),
    .init("Einsum", [[2, 3], [2, 3]], ["equation": .string("ij,ij->")]),
    .init(
      "DeformConv", [[1, 4, 4, 4], [2, 2, 2, 3]], ["group": .int(2)],
      constants: [Constant(Tensor([1, 12, 3, 2]))]),
    .init(
      "CausalConvWithState", [[2, 3, 4], [3, 1, 3]],
      constants: [nil, Constant(Tensor([2, 3, 2], repeating: 1))]),
  ]

  @Test("The cost is the number of products that are added up", arguments: sums)
  func cost(_ c: OperatorCase) throws {
    let ones = c.shapes.map { Variable(Tensor($0, repeating: 1)) }
    let result = try c.apply(ones).value
    #expect(try c.cost(result.shape) == Int(result.scalars.reduce(0, +)))
  }

  @Test("An index that one factor alone has is summed over before the product")
  func einsum() throws {
    let c = OperatorCase("Einsum", [[2, 3, 4], [3, 5]], ["equation": .string("bij,ik->bk")])
    #expect(try c.cost([2, 5]) == 2 * 3 * 5)
    let chain = OperatorCase(
      "Einsum", [[2, 3], [3, 4], [4, 5]], ["equation": .string("ij,jk,kl->il")])
    #expect(try chain.cost([2, 5]) == 2 * 3 * 4 + 2 * 4 * 5)
    let trace = OperatorCase("Einsum", [[3, 3]], ["equation": .string("ii->")])
    #expect(try trace.cost([]) == 0)
  }

  /// Batch, heads, queries, keys, features of keys and of values are 2, 3, 4, 5, 6 and 7.
  @Test("Attention multiplies queries with keys, and shares with values")
  func attention() throws {
    let whole = 2 * 3 * 4 * 5 * (6 + 7)
    let split = OperatorCase("Attention", [[2, 3, 4, 6], [2, 3, 5, 6], [2, 3, 5, 7]])
    #expect(try split.cost([2, 3, 4, 7]) == whole)
    let rows = OperatorCase("Attention", [[2, 4, 18], [2, 5, 18], [2, 5, 21]])
    #expect(try rows.cost([2, 4, 21]) == whole)
  }

  /// Steps, sequences, inputs and states are 4, 2, 5 and 3; a GRU has three gates, an LSTM four.
  @Test("A recurrent layer multiplies its inputs and its state, step by step")
  func recurrent() throws {
    for (type, gates) in [("RNN", 1), ("GRU", 3), ("LSTM", 4)] {
      let layer = OperatorCase(type, [[4, 2, 5], [1, gates * 3, 5], [1, gates * 3, 3]])
      #expect(try layer.cost([4, 1, 2, 3]) == 4 * 2 * gates * 3 * (5 + 3))
    }
  }

  /// Steps are 3; two heads of keys have 2 features, of values 3, and are read by two heads of queries each.
  @Test(
    "Linear attention reads, corrects and writes its state; a transform sees all of its samples")
  func steps() throws {
    for (rule, times) in [("linear", 3), ("gated_delta", 4)] {
      let c = OperatorCase(
        "LinearAttention", [[1, 3, 8], [1, 3, 4], [1, 3, 6]],
        ["q_num_heads": .int(4), "kv_num_heads": .int(2), "update_rule": .string(rule)])
      #expect(try c.cost([1, 3, 12]) == 36 * times)
    }
    #expect(try OperatorCase("DFT", [[2, 6, 1]]).cost([2, 4, 2]) == 96)
    let frames = OperatorCase(
      "STFT", [[1, 9, 1], [4]], constants: [Constant(Tensor(2))], constantsAt: 1)
    #expect(try frames.cost([1, 3, 3, 2]) == 72)
  }

  @Test("What adds up no products costs none", arguments: OperatorCase.all)
  func free(_ c: OperatorCase) throws {
    if case .linear = c.role { return }
    let costly = [
      "Einsum", "Attention", "RNN", "GRU", "LSTM", "LinearAttention", "CausalConvWithState",
      "DeformConv", "DFT", "STFT",
    ]
    guard !costly.contains(c.type) else { return }
    let result = try c.apply(c.inputs(seed: 5).map { Variable($0) }).value
    #expect(try c.cost(result.shape) == 0)
  }

  @Test("Integers are integers and lie in their range", arguments: OperatorCase.all)
  func integers(_ c: OperatorCase) throws {
    guard let kind = Operator.table[c.type]?.kind(c.call), kind.isInteger else { return }
    let result = try c.apply(c.inputs(seed: 5).map { Variable($0) }).value
    #expect(result.scalars.allSatisfy { $0 == $0.rounded() && kind.range?.contains($0) ?? true })
  }

  /// ONNX's type constraints, output by output, for inputs of floats unless they say otherwise.
  private static let kinds: [(Node, Int, ElementType)] = [
    (Node("Relu", inputs: ["x"], outputs: ["y"]), 0, .float),
    (Node("Equal", inputs: ["x", "x"], outputs: ["y"]), 0, .bool),
    (Node("IsNaN", inputs: ["x"], outputs: ["y"]), 0, .bool),
    (Node("ArgMax", inputs: ["x"], outputs: ["y"]), 0, .int64),
    (Node("Shape", inputs: ["x"], outputs: ["y"]), 0, .int64),
    (Node("Size", inputs: ["x"], outputs: ["y"]), 0, .int64),
    (Node("NonZero", inputs: ["x"], outputs: ["y"]), 0, .int64),
    (Node("MaxPool", inputs: ["x"], outputs: ["y", "i"]), 0, .float),
    (Node("MaxPool", inputs: ["x"], outputs: ["y", "i"]), 1, .int64),
    (Node("TopK", inputs: ["x", "k"], outputs: ["y", "i"]), 1, .int64),
    (Node("Dropout", inputs: ["x"], outputs: ["y", "m"]), 1, .bool),
    (
      Node("Cast", inputs: ["x"], outputs: ["y"], attributes: ["to": .int(3)]), 0,
      .int8
    ),
    (Node("Cast", inputs: ["k"], outputs: ["y"], attributes: ["to": .int(1)]), 0, .float),
    (Node("CastLike", inputs: ["x", "k"], outputs: ["y"]), 0, .int64),
    (Node("Where", inputs: ["b", "x", "x"], outputs: ["y"]), 0, .float),
    (Node("OneHot", inputs: ["k", "k", "x"], outputs: ["y"]), 0, .float),
    (
      Node("QuantizeLinear", inputs: ["x", "x"], outputs: ["y"]), 0,
      .uint8
    ),
    (Node("DequantizeLinear", inputs: ["k", "x"], outputs: ["y"]), 0, .float),
    (Node("ai.onnx.ml.Scaler", inputs: ["k"], outputs: ["y"]), 0, .float),
    (Node("Gather", inputs: ["k", "x"], outputs: ["y"]), 0, .int64),
    (Node("ConstantOfShape", inputs: ["k"], outputs: ["y"]), 0, .float),
    (
      Node("Constant", inputs: [], outputs: ["y"], attributes: ["value_ints": .ints([1])]), 0,
      .int64
    ),
    (Node("EyeLike", inputs: ["x"], outputs: ["y"], attributes: ["dtype": .int(7)]), 0, .int64),
  ]

  @Test("Results are of the types that ONNX says", arguments: kinds.indices)
  func kind(_ index: Int) throws {
    let (node, output, expected) = Self.kinds[index]
    let call = TapeCall(node: node, constants: [:], kinds: ["k": .int64, "b": .bool])
    #expect(Operator.table[node.type]?.kind(call.with(output: output)) == expected, "\(node.title)")
  }
}

extension OperatorCase {
  fileprivate func cost(_ result: Shape) throws -> Int {
    let node = node.node
    var shapes = Dictionary(
      uniqueKeysWithValues: zip(self.shapes.indices.map { "input\($0)" }, self.shapes))
    shapes["output0"] = result
    return try Operator.table[type]?.cost?(NodeShapes(node) { shapes[$0] }) ?? 0
  }
}
