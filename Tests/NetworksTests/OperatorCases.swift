import Tensors

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

extension OperatorCase {
  static let all =
    activations + functions + arithmetic + products + normalizations + reductions + shapes + parts
    + windows + sampling + others + recurrent + losses + steps + signals + regions

  static let activations: [OperatorCase] = [
    .init("Relu", [[2, 3, 4]]), .init("LeakyRelu", [[2, 5]], ["alpha": .float(0.3)]),
    .init("PRelu", [[2, 3, 4], [3, 1]]), .init("PRelu", [[2, 3, 4], [3]], opset: 6),
    .init("ThresholdedRelu", [[9]], ["alpha": .float(0)]),
    .init("Elu", [[9]], ["alpha": .float(2)]), .init("Selu", [[9]]),
    .init("Celu", [[9]], ["alpha": .float(0.5)]), .init("Gelu", [[9]], opset: 20),
    .init("Gelu", [[9]], ["approximate": .string("tanh")], opset: 20),
    .init("com.microsoft.Gelu", [[9]]), .init("com.microsoft.BiasGelu", [[2, 3], [3]]),
    .init("com.microsoft.FastGelu", [[2, 3], [3]]), .init("com.microsoft.QuickGelu", [[9]]),
    .init("Swish", [[9]], ["alpha": .float(1.5)], opset: 24),
    .init("HardSigmoid", [[9]]), .init("HardSwish", [[9]]), .init("Mish", [[9]]),
    .init("Softplus", [[9]]), .init("Softsign", [[9]]),
    .init("Shrink", [[9]], ["lambd": .float(0.1), "bias": .float(0.05)]),
    .init("Clip", [[9]], ["min": .float(-2.5), "max": .float(0)], opset: 6),
    .init("Clip", [[9]], constants: [floats([], 0), nil]),
    .init("Softmax", [[2, 3, 4]]), .init("Softmax", [[2, 3, 4]], ["axis": .int(1)]),
    .init("Softmax", [[2, 3, 4]], ["axis": .int(1)], opset: 11),
    .init("LogSoftmax", [[2, 3, 4]], ["axis": .int(0)]),
  ]

  static let functions: [OperatorCase] = [
    .init("Abs", [[9]]), .init("Neg", [[9]]), .init("Exp", [[9]]), .init("Identity", [[9]]),
    .init("Log", [[9]], in: 0.5...3), .init("Sqrt", [[9]], in: 0.5...3),
    .init("Reciprocal", [[9]], in: 0.5...3), .init("Sigmoid", [[9]]), .init("Tanh", [[9]]),
    .init("Sin", [[9]]), .init("Cos", [[9]]), .init("Tan", [[9]], in: -0.8...0.8),
    .init("Asin", [[9]], in: -0.7...0.7), .init("Acos", [[9]], in: -0.7...0.7),
    .init("Atan", [[9]]), .init("Sinh", [[9]]), .init("Cosh", [[9]]), .init("Asinh", [[9]]),
    .init("Acosh", [[9]], in: 2...4), .init("Atanh", [[9]], in: -0.7...0.7), .init("Erf", [[9]]),
    .init("Cast", [[9]], ["to": .int(1)]),
    .init("CastLike", [[9]], constants: [floats([1], 0)]),
  ]

  static let arithmetic: [OperatorCase] = [
    .init("Add", [[2, 3, 1], [4]]), .init("Sub", [[2, 3, 1], [4]]),
    .init("Mul", [[2, 3, 1], [4]]), .init("Div", [[2, 3], [3]], in: 1...3),
    .init("Add", [[2, 3, 4], [3]], ["broadcast": .int(1), "axis": .int(1)], opset: 6),
    .init("Pow", [[2, 3], [3]], in: 0.5...2),
    .init("Pow", [[6]], constants: [floats([], 3)]),
    .init("Mod", [[4], [4]], ["fmod": .int(1)], in: 1.2...1.4),
    .init("Max", [[2, 3], [3], [1]]), .init("Min", [[2, 3], [3], [1]]),
    .init("Sum", [[2, 3], [3], [1]]), .init("Mean", [[2, 3], [3], [1]]),
  ]

  static let products: [OperatorCase] = [
    .init("MatMul", [[2, 3], [3, 4]]), .init("MatMul", [[2, 1, 3, 4], [5, 4, 2]]),
    .init("MatMul", [[3], [2, 3, 4]]), .init("MatMul", [[2, 4, 3], [3]]),
    .init("MatMul", [[3], [3]]),
    .init(
      "Gemm", [[3, 2], [4, 3], [4]],
      ["transA": .int(1), "transB": .int(1), "alpha": .float(0.5), "beta": .float(2)]),
    .init("Gemm", [[2, 3], [3, 4]]),
    .init("Einsum", [[2, 3], [3, 4]], ["equation": .string("ij,jk->ik")]),
    .init("Einsum", [[2, 3, 4], [2, 5, 4]], ["equation": .string("...id,...jd->...ij")]),
    .init("Einsum", [[3, 3]], ["equation": .string("ii->i")]),
    .init("Einsum", [[2, 3], [3], [2]], ["equation": .string("ij,j,i->")]),
    .init("Einsum", [[2, 3, 4], [3, 5]], ["equation": .string("bij,ik")]),
  ]

  static let normalizations: [OperatorCase] = [
    .init("BatchNormalization", [[2, 3, 4], [3], [3], [3], [3]], in: 0.5...2),
    .init(
      "BatchNormalization", [[2, 3, 4], [3], [3], [3], [3]], ["training_mode": .int(1)],
      in: 0.5...2, outputs: 3),
    .init("InstanceNormalization", [[2, 3, 4], [3], [3]]),
    .init("GroupNormalization", [[2, 4, 3], [2], [2]], ["num_groups": .int(2)]),
    .init("GroupNormalization", [[2, 4, 3], [4], [4]], ["num_groups": .int(2)], opset: 21),
    .init("LayerNormalization", [[2, 3, 4], [4], [4]]),
    .init("LayerNormalization", [[2, 3, 4], [3, 4]], ["axis": .int(1)]),
    .init("LayerNormalization", [[2, 3, 4], [4], [4]], output: 1, outputs: 3),
    .init("LayerNormalization", [[2, 3, 4], [4], [4]], output: 2, outputs: 3),
    .init("RMSNormalization", [[2, 3, 4], [4]], opset: 23),
    .init("MeanVarianceNormalization", [[2, 3, 2, 2]]),
    .init("LpNormalization", [[2, 3, 4]], ["axis": .int(1), "p": .int(1)]),
    .init("LpNormalization", [[2, 3, 4]]),
    .init(
      "ai.onnx.ml.Scaler", [[2, 3]],
      ["offset": .floats([1, -2, 0.5]), "scale": .floats([2, 0.5, 3])]),
    .init("LRN", [[2, 5, 3]], ["size": .int(3), "alpha": .float(0.5), "bias": .float(1.5)]),
  ]

  static let reductions: [OperatorCase] =
    [
      "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2",
      "ReduceSumSquare", "ReduceLogSumExp", "ReduceProd",
    ]
    .flatMap { type in
      [
        .init(type, [[2, 3, 4]], ["axes": .ints([1])], opset: 11),
        .init(type, [[2, 3, 4]], ["keepdims": .int(0)], constants: [integers(0, -1)]),
        .init(type, [[2, 3]], ["noop_with_empty_axes": .int(1)]),
        .init(type, [[2, 3]]),
      ]
    } + [
      .init("ReduceLogSum", [[2, 3]], constants: [integers(1)], in: 0.5...2),
      .init("GlobalAveragePool", [[2, 3, 2, 2, 2]]), .init("GlobalMaxPool", [[2, 3, 2, 2, 2]]),
      .init("GlobalLpPool", [[2, 3, 4]], ["p": .int(3)]),
      .init("CumSum", [[2, 3, 4]], constants: [integers(1)]),
      .init("CumSum", [[5]], ["exclusive": .int(1), "reverse": .int(1)], constants: [integers(0)]),
      .init("CumProd", [[2, 4]], constants: [integers(1)]),
      .init(
        "CumProd", [[5]], ["exclusive": .int(1), "reverse": .int(1)], constants: [integers(0)]),
    ]

  static let recurrent: [OperatorCase] = [
    .init("RNN", [[3, 2, 2], [1, 3, 2], [1, 3, 3], [1, 6]], outputs: 2),
    .init(
      "GRU", [[2, 2, 2], [1, 9, 2], [1, 9, 3], [1, 18]], ["direction": .string("reverse")],
      outputs: 2),
    .init(
      "GRU", [[2, 1, 2], [1, 6, 2], [1, 6, 2]], ["linear_before_reset": .int(1)], output: 1,
      outputs: 2),
    .init(
      "LSTM", [[3, 2, 2], [2, 8, 2], [2, 8, 2], [2, 16]], ["direction": .string("bidirectional")],
      constants: [integers(3, 2)], outputs: 3),
    .init(
      "LSTM",
      [[1, 2, 2], [1, 8, 2], [1, 8, 2], [1, 16], [1, 1, 2], [1, 1, 2], [1, 6]],
      ["layout": .int(1)], constants: [nil], output: 2, outputs: 3, constantsAt: 4),
  ]
}
