public import Tensors

/// What attention contributed to the objective, followed through all blocks of a transformer.
///
/// `R = 1`; for each block `R ← R + mean over heads of (g ⊙ A)⁺ · R`, with `A` the attention and `g` the
/// objective's gradient with respect to it. The row of the class token, or the mean of the rows of all tokens that
/// the objective reads, without what a token gave itself by the identity.
///
/// Source: Chefer, Gur and Wolf, "Generic Attention-model Explainability for Interpreting Bi-Modal and
/// Encoder-Decoder Transformers", ICCV 2021: the update of self-attention.
public struct GradientRollout: AttributionMethod {
  /// Creates the method.
  public init() {}

  /// Explains pictures: N×1×h×w, a number a token.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try eachPicture(pictures) { picture in
      let attention = try explained.attentionMatrices(of: picture, for: "gradient rollout")
      return attention.map(
        ofReadRows: Self.rollout(attention) - .identity(attention.tokens))
    }
  }

  /// The relevance of every token for every other, tokens × tokens.
  package static func rollout(_ attention: AttentionMatrices) -> Tensor {
    zip(attention.weights, attention.gradients).reduce(.identity(attention.tokens)) {
      result, block in
      let raising = (block.0 * block.1).map { max($0, 0) }.meanOverHeads()
      return result + Tensor.matmul(raising, result)
    }
  }
}

extension RegisteredMethod {
  static let gradientRollout = RegisteredMethod(
    "gradient-rollout", "a transformer's attention that raised the unit, through all blocks",
    shows: .lowResolution
  ) { _ in GradientRollout() }
}
