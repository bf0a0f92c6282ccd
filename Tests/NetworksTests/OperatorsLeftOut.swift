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
    if name == "test_sequence_model8" { return "sequences and optional values" }
    if disputed.contains(name) { return "corners aligned to an extent that there is not" }
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

  /// By what the message says about a case's files.
  private static let inputs = [
    (part: "has element type", reason: "floats of 8 bits and fewer, integers of 4 bits and fewer"),
    (part: "text", reason: "text"),
    (part: "No such file", reason: "sequences and optional values"),
    (part: "the network has no input", reason: "no input"),
  ]

  /// By operator, as the message names it.
  private static let operators: [(reason: String, types: [String])] = [
    (
      "training",
      [
        "Adagrad", "Adam", "Momentum", "ai.onnx.preview.training.Adagrad",
        "ai.onnx.preview.training.Adam", "ai.onnx.preview.training.Momentum",
        "ai.onnx.preview.training.Gradient", "NegativeLogLikelihoodLoss",
        "SoftmaxCrossEntropyLoss",
      ]
    ),
    ("control flow", ["Loop", "Scan"]),
    (
      "sequences and optional values",
      [
        "SequenceConstruct", "SequenceEmpty", "SplitToSequence", "OptionalGetElement",
        "OptionalHasElement",
      ]
    ),
    ("recurrent", ["LinearAttention", "CausalConvWithState"]),
    ("subgraphs as attributes", ["ai.onnx.preview.FlexAttention"]),
    (
      "quantized numbers with weights or zero points that are computed",
      ["ConvInteger", "MatMulInteger", "QLinearConv"]
    ),
    ("random", ["Bernoulli", "RandomUniformLike"]),
    (
      "bits of integers",
      ["BitShift", "BitCast", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor"]
    ),
    (
      "sound",
      ["DFT", "STFT", "BlackmanWindow", "HammingWindow", "HannWindow", "MelWeightMatrix"]
    ),
    ("detection", ["NonMaxSuppression", "RoiAlign"]),
    ("a result whose shape depends on values", ["Unique"]),
    (
      "not of networks",
      ["Binarizer", "TfIdfVectorizer", "TreeEnsemble", "ImageDecoder"]
    ),
    (
      "in no classifier that we know of",
      [
        "AffineGrid", "Col2Im", "DeformConv", "Det", "ReverseSequence", "SwiGLU",
        "TensorScatter",
      ]
    ),
  ]
}
