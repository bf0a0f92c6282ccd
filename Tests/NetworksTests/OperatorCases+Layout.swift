import Tensors

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

extension OperatorCase {
  static let shapes: [OperatorCase] = [
    .init("Reshape", [[2, 6]], constants: [integers(0, 3, -1)]),
    .init("Flatten", [[2, 3, 4]], ["axis": .int(2)]), .init("Squeeze", [[2, 1, 3]]),
    .init("Squeeze", [[2, 1, 3]], constants: [integers(-2)]),
    .init("Unsqueeze", [[2, 3]], ["axes": .ints([0, 3])], opset: 11),
    .init("Transpose", [[2, 3, 4]], ["perm": .ints([2, 0, 1])]), .init("Transpose", [[2, 3]]),
    .init("Expand", [[3, 1]], constants: [integers(2, 1, 4)]), .init("Dropout", [[5]]),
    .init("DepthToSpace", [[1, 8, 2, 3]], ["blocksize": .int(2)]),
    .init("DepthToSpace", [[1, 8, 2, 3]], ["blocksize": .int(2), "mode": .string("CRD")]),
    .init("SpaceToDepth", [[1, 2, 4, 6]], ["blocksize": .int(2)]),
    .init("CenterCropPad", [[5, 2, 3]], ["axes": .ints([-3, 2])], constants: [integers(2, 6)]),
    .init("CenterCropPad", [[4, 3]], constants: [integers(1, 6)]),
    .init(
      "CenterCropPad", [[2, 3, 4, 2]], ["axes": .ints([-2, -1])], constants: [integers(3, 3)]),
    .init("Pad", [[2, 3]], constants: [integers(1, -1, 0, 2), floats([], 0.5)]),
    .init("Pad", [[2, 3]], ["mode": .string("reflect")], constants: [integers(1, 2, 0, 3)]),
    .init("Pad", [[2, 3]], ["mode": .string("edge")], constants: [integers(1, 2, 0, 3)]),
    .init("Pad", [[2, 3]], ["mode": .string("wrap")], constants: [integers(1, 4, 0, 3)]),
    .init("Pad", [[2, 3]], ["pads": .ints([0, 1, 0, 1]), "value": .float(2)], opset: 10),
  ]

  static let parts: [OperatorCase] = [
    .init("Slice", [[4, 5]], ["starts": .ints([1]), "ends": .ints([3])], opset: 9),
    .init(
      "Slice", [[4, 5]],
      constants: [integers(-1, 0), integers(-99, 99), integers(0, 1), integers(-2, 2)]),
    .init("Split", [[5, 2]], output: 1, outputs: 2),
    .init(
      "Split", [[2, 5]], ["axis": .int(-1)], constants: [integers(2, 3)], output: 1, outputs: 2),
    .init("Concat", [[2, 3], [2, 1]], ["axis": .int(-1)]),
    .init("Tile", [[2, 3]], constants: [integers(2, 3)]),
    .init("Gather", [[3, 4]], ["axis": .int(1)], constants: [integers(0, -1, 0)]),
    .init("ai.onnx.ml.ArrayFeatureExtractor", [[3, 4]], constants: [integers(2, 0)]),
    .init(
      "GatherElements", [[3, 2]],
      constants: [Constant(Tensor([2, 2], [0, 2, 2, 2]), isInteger: true)]),
    .init(
      "GatherND", [[3, 2, 4]],
      constants: [Constant(Tensor([2, 2], [0, 1, 2, -1]), isInteger: true)]),
    .init("Trilu", [[2, 3, 4]], constants: [integers(1)]),
    .init("Compress", [[3, 4]], ["axis": .int(1)], constants: [integers(1, 0, 1)]),
    .init("Where", [[3, 1], [3, 4]], constants: [floats([4], 1, 0, 0, 1)], constantsAt: 0),
    .init("TopK", [[2, 5]], constants: [integers(2)], outputs: 2),
  ]

  static let windows: [OperatorCase] = [
    .init(
      "Conv", [[2, 4, 5, 6], [6, 2, 3, 2], [6]],
      ["group": .int(2), "strides": .ints([2, 1]), "pads": .ints([1, 0, 1, 1])]),
    .init("Conv", [[1, 2, 3, 3, 3], [2, 2, 2, 2, 2]], ["dilations": .ints([1, 2, 1])]),
    .init(
      "ConvTranspose", [[2, 4, 3, 3], [4, 2, 3, 3], [4]],
      ["group": .int(2), "strides": .ints([2, 2]), "output_padding": .ints([1, 0])]),
    .init(
      "ConvTranspose", [[1, 2, 2, 2, 2], [2, 1, 2, 2, 2]], ["pads": .ints([1, 0, 0, 0, 0, 0])]),
    .init(
      "MaxPool", [[1, 2, 3, 4, 3]], ["kernel_shape": .ints([2, 2, 2]), "ceil_mode": .int(1)]),
    .init(
      "AveragePool", [[1, 2, 3, 4, 3]],
      ["kernel_shape": .ints([2, 2, 2]), "pads": .ints([1, 0, 0, 0, 0, 1])]),
    .init("LpPool", [[1, 2, 5]], ["kernel_shape": .ints([3]), "p": .int(3)]),
    .init(
      "MaxUnpool", [[1, 1, 2, 2]], ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])],
      constants: [Constant(Tensor([1, 1, 2, 2], [0, 3, 9, 15]), isInteger: true)]),
  ]

  private static func resize(_ attributes: [String: String], _ scales: Constant) -> OperatorCase {
    .init(
      "Resize", [[1, 2, 4, 5]], attributes.mapValues { .string($0) }, constants: [nil, scales])
  }

  static let sampling: [OperatorCase] =
    ["nearest", "linear", "cubic"].flatMap { mode in
      ["half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric"].map {
        resize(
          ["mode": mode, "coordinate_transformation_mode": $0], floats([4], 1, 1, 1.5, 0.7))
      }
    } + [
      .init(
        "Resize", [[1, 1, 6, 6]], ["mode": .string("cubic"), "antialias": .int(1)],
        constants: [nil, nil, integers(1, 1, 3, 4)]),
      .init(
        "Upsample", [[1, 2, 2, 3]], ["mode": .string("linear"), "scales": .floats([1, 1, 2, 2])],
        opset: 7),
      .init("GridSample", [[1, 2, 4, 3], [1, 3, 2, 2]], in: -0.8...0.8, opset: 20),
      .init(
        "GridSample", [[2, 1, 4, 3], [2, 3, 2, 2]],
        ["mode": .string("cubic"), "padding_mode": .string("border"), "align_corners": .int(1)],
        in: -0.8...0.8, opset: 20),
      .init(
        "GridSample", [[2, 1, 4, 3], [2, 3, 2, 2]],
        ["mode": .string("cubic"), "padding_mode": .string("border")], in: -1.6...1.6, opset: 20),
      .init(
        "GridSample", [[1, 1, 3, 4, 3], [1, 2, 2, 2, 3]], ["padding_mode": .string("reflection")],
        in: -1.2...1.2, opset: 20),
    ]

  static let others: [OperatorCase] = [
    scatter("ScatterElements", "none"), scatter("ScatterElements", "add"),
    scatter("ScatterElements", "mul"), scatter("ScatterElements", "max"),
    scatter("ScatterElements", "min"), scatter("ScatterND", "none"), scatter("ScatterND", "add"),
    .init("Attention", [[2, 2, 3, 4], [2, 2, 5, 4], [2, 2, 5, 3]], opset: 23),
    .init(
      "Attention", [[1, 3, 8], [1, 3, 4], [1, 3, 4]],
      [
        "q_num_heads": .int(4), "kv_num_heads": .int(2), "is_causal": .int(1),
        "softcap": .float(2),
      ], opset: 23),
    .init("RotaryEmbedding", [[2, 2, 3, 4], [2, 3, 2], [2, 3, 2]], opset: 23),
    .init(
      "RotaryEmbedding", [[2, 3, 8], [2, 3, 2], [2, 3, 2]],
      ["num_heads": .int(2), "interleaved": .int(1)], opset: 23),
    .init("DequantizeLinear", [[2, 3], [3]], constants: [integers(1, 0, 2)]),
  ]

  private static func scatter(_ type: String, _ reduction: String) -> OperatorCase {
    let indices =
      type == "ScatterND"
      ? Constant(Tensor([3, 1], [0, 2, 3]), isInteger: true)
      : Constant(Tensor([2, 2], [0, 3, 1, 3]), isInteger: true)
    return .init(
      type, [[4, 2], type == "ScatterND" ? [3, 2] : [2, 2]], ["reduction": .string(reduction)],
      constants: [indices], constantsAt: 1)
  }
}
