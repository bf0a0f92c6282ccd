/// The cases of ONNX's backend tests that are out of scope, and why.
enum OperatorsLeftOut {
  /// Why a case is left out, `nil` if it is not.
  ///
  /// - Parameters:
  ///   - name: The case's name.
  ///   - failure: Why it cannot be run.
  /// - Returns: The reason, one for many cases.
  static func reason(_ name: String, _ failure: String) -> String? {
    if name.hasPrefix("test_training_dropout") { return "drops at random" }
    if wide.contains(where: name.hasPrefix) {
      return "bits of integers beyond the 24 that are held"
    }
    if disputed.contains(name) { return "corners aligned to an extent that there is not" }
    if name.hasPrefix("test_dft_inverse") { return "noise of single precision recorded for zeros" }
    if let reason = inputs.first(where: { failure.contains($0.part) })?.reason { return reason }
    guard failure.contains("cannot be run here") else { return nil }
    return operators.first { _, types in
      types.contains { failure.contains("  \($0) ") || failure.contains("  ai.onnx.ml.\($0) ") }
    }?.reason
  }

  /// By name: where a factor gives no whole extent, ONNX's reference aligns corners to the extent that it
  /// means, PyTorch and onnxruntime, and so the networks that people have, to the one that there is.
  private static let disputed: Set = [
    "corpus-Resize-171", "corpus-Resize-175", "corpus-Resize-179",
    "test_resize_downsample_scales_cubic_align_corners",
    "test_resize_downsample_scales_linear_align_corners",
  ]

  /// By the beginning of the name: integers are held as floats, and what hangs on more of their bits is not a number, or
  /// is refused.
  private static let wide = [
    "test_bitcast_2d_float32", "test_bitcast_float", "test_bitcast_int32", "test_bitcast_int64",
    "test_bitcast_scalar_float32", "test_bitcast_uint32", "test_bitshift_left_int32_overflow",
    "test_bitwise_and_i32", "test_bitwise_and_ui64", "test_bitwise_or_i32", "test_bitwise_or_ui64",
    "test_bitwise_xor_i32", "test_bitwise_xor_ui64",
  ]

  /// By what the message says about a case's files.
  private static let inputs = [
    (part: "text", reason: "text"),
    (part: "the network has no input", reason: "no input"),
  ]

  /// By operator, as the message names it.
  private static let operators: [(reason: String, types: [String])] = [
    (
      "training",
      [
        "Adagrad", "Adam", "Momentum", "ai.onnx.preview.training.Adagrad",
        "ai.onnx.preview.training.Adam", "ai.onnx.preview.training.Momentum",
        "ai.onnx.preview.training.Gradient",
      ]
    ),
    ("subgraphs as attributes", ["ai.onnx.preview.FlexAttention"]),
    (
      "quantized numbers with weights or zero points that are computed",
      ["ConvInteger", "MatMulInteger", "QLinearConv"]
    ),
    ("random", ["Bernoulli", "RandomUniformLike"]),
    (
      "not of networks",
      ["Binarizer", "TfIdfVectorizer", "TreeEnsemble", "ImageDecoder"]
    ),
  ]
}
