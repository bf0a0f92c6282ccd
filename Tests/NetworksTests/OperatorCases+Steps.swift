import Tensors

@testable import Blocks
@testable import Graphs

extension OperatorCase {
  static let losses: [OperatorCase] = [
    .init(
      "NegativeLogLikelihoodLoss", [[2, 3, 2]], ["ignore_index": .int(1)],
      constants: [matrix([2, 2], 0, 2, 1, 2), floats([3], 0.5, 2, 1.5)]),
    .init(
      "NegativeLogLikelihoodLoss", [[2, 3]], ["reduction": .string("sum")],
      constants: [integers(2, 0)]),
    .init("SoftmaxCrossEntropyLoss", [[2, 3]], constants: [integers(2, 0)]),
    .init(
      "SoftmaxCrossEntropyLoss", [[2, 3, 2]], ["reduction": .string("none")],
      constants: [matrix([2, 2], 0, 2, 1, 2)]),
    .init("SoftmaxCrossEntropyLoss", [[2, 3]], constants: [integers(2, 0)], output: 1, outputs: 2),
  ]

  static let steps: [OperatorCase] = [
    .init("SwiGLU", [[2, 3], [2, 3]], ["alpha": .float(1.5)], opset: 28),
    .init("ReverseSequence", [[4, 2, 2]], constants: [integers(3, 2)]),
    .init(
      "ReverseSequence", [[2, 4]], ["time_axis": .int(1), "batch_axis": .int(0)],
      constants: [integers(3, 4)]),
    .init("TensorScatter", [[2, 4, 3], [2, 2, 3]], constants: [integers(1, 2)], opset: 24),
    .init(
      "TensorScatter", [[2, 4, 3], [2, 2, 3]], ["mode": .string("circular")],
      constants: [integers(3, 1)], opset: 24),
    .init("CausalConvWithState", [[2, 3, 4], [3, 1, 3], [3], [2, 3, 2]], opset: 27),
    .init(
      "CausalConvWithState", [[1, 2, 4], [2, 1, 2]], ["activation": .string("silu")], opset: 27),
    .init(
      "CausalConvWithState", [[2, 3, 1], [3, 1, 3], [3], [2, 3, 2]], output: 1, outputs: 2,
      opset: 27),
    .init(
      "LinearAttention",
      [[1, 3, 8], [1, 3, 4], [1, 3, 6], [1, 2, 2, 3], [1, 3, 4], [1, 3, 2]],
      ["q_num_heads": .int(4), "kv_num_heads": .int(2)], in: -0.7...0.7, opset: 27),
    .init(
      "LinearAttention", [[2, 2, 4], [2, 2, 4], [2, 2, 4]],
      [
        "q_num_heads": .int(2), "kv_num_heads": .int(2), "update_rule": .string("linear"),
        "scale": .float(0.3),
      ], output: 1, outputs: 2, opset: 27),
    .init("Det", [[2, 3, 3]]), .init("Det", [[2, 2]]),
  ]

  static let signals: [OperatorCase] = [
    .init("DFT", [[2, 5, 2]], ["axis": .int(1)], opset: 17),
    .init("DFT", [[2, 6, 1]], ["onesided": .int(1)], opset: 20),
    .init(
      "DFT", [[3, 4, 2]], ["inverse": .int(1)], constants: [scalar(5), scalar(0)], opset: 20),
    .init("DFT", [[4, 2]], ["inverse": .int(1), "onesided": .int(1)], opset: 20),
    .init("STFT", [[1, 9, 1], [4]], constants: [scalar(2)], opset: 17, constantsAt: 1),
    .init(
      "STFT", [[2, 6, 2]], ["onesided": .int(0)], constants: [scalar(1), nil, scalar(4)],
      opset: 17),
  ]

  static let regions: [OperatorCase] =
    ["avg", "max"].map { mode in
      .init(
        "RoiAlign", [[2, 2, 5, 6]],
        [
          "mode": .string(mode), "output_height": .int(2), "output_width": .int(3),
          "spatial_scale": .float(0.5), "sampling_ratio": .int(mode == "avg" ? 0 : 2),
        ], constants: [floats([2, 4], 1, 0.6, 9, 8, 2.2, 1.4, 7, 6), integers(1, 0)])
    } + [
      .init(
        "DeformConv", [[1, 4, 4, 3], [2, 2, 2, 2], [1, 16, 3, 2], [2], [1, 8, 3, 2]],
        ["group": .int(2), "offset_group": .int(2)], in: -0.9...0.9, opset: 19),
      .init(
        "DeformConv", [[2, 1, 5], [1, 1, 3], [2, 3, 3]],
        ["strides": .ints([2]), "pads": .ints([1, 1])],
        in: -0.9...0.9, opset: 19),
      .init(
        "Col2Im", [[1, 8, 6]], ["pads": .ints([0, 0, 1, 0])],
        constants: [integers(3, 3), integers(2, 2)]),
      .init("AffineGrid", [[2, 2, 3]], constants: [integers(2, 1, 3, 4)], opset: 20),
      .init(
        "AffineGrid", [[1, 3, 4]], ["align_corners": .int(1)], constants: [integers(1, 1, 2, 1, 3)],
        opset: 20),
    ]

  private static func matrix(_ shape: Shape, _ values: Float...) -> Constant {
    Constant(Tensor(shape, values), isInteger: true)
  }

  private static func scalar(_ value: Float) -> Constant {
    Constant(Tensor(value), isInteger: true)
  }
}
