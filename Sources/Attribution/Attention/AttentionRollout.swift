public import Tensors

/// Where the tokens that are read got their content from, if attention were all there is.
///
/// In each block the mean of the heads' matrices, half of it and half the identity for the residual; the product
/// over all blocks, later ones from the left. The row of the class token, or the mean of the rows of all tokens
/// that the objective reads. It does not depend on the unit.
///
/// Source: Abnar and Zuidema, "Quantifying Attention Flow in Transformers", ACL 2020.
public struct AttentionRollout: AttributionMethod {
  /// Creates the method.
  public init() {}

  /// Explains pictures: N×1×h×w, a number a token.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try eachPicture(pictures) { picture in
      let attention = try explained.attentionMatrices(of: picture, for: "attention rollout")
      return attention.map(ofReadRows: Self.rollout(attention))
    }
  }

  /// The product over all blocks, tokens × tokens.
  package static func rollout(_ attention: AttentionMatrices) -> Tensor {
    let identity = Tensor.identity(attention.tokens)
    return attention.weights.reduce(identity) { result, weights in
      Tensor.matmul((weights.meanOverHeads() + identity) * 0.5, result)
    }
  }
}

extension AttributionMethod {
  /// The maps of pictures that are explained one by one.
  func eachPicture(_ pictures: Tensor, _ map: (Tensor) throws -> Tensor) throws -> Tensor {
    Tensor.concatenate(
      try (0..<pictures.shape[0]).map {
        try Task.checkCancellation()
        return try map(pictures.gathered([$0], alongAxis: 0))
      })
  }
}

extension Tensor {
  /// The mean along the first axis, without it.
  func meanOverHeads() -> Tensor { sum(alongAxes: [0]) / Float(shape[0]) }

  /// Ones on the diagonal.
  static func identity(_ count: Int) -> Tensor {
    Tensor([count, count], (0..<count * count).map { $0 % (count + 1) == 0 ? 1 : 0 })
  }
}

extension RegisteredMethod {
  static let attentionRollout = RegisteredMethod(
    "attention-rollout", "a transformer's attention through all blocks, whatever the unit",
    shows: .lowResolution
  ) { _ in AttentionRollout() }
}
