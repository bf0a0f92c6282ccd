import Attribution
import Tensors

extension RecordedMethod {
  /// What transformers attend to.
  static let attention: [RecordedMethod] = [
    RecordedMethod(.attention, "weights") { ["file": stacked(try $0.matrices().weights)] },
    RecordedMethod(.attention, "gradient") { ["file": stacked(try $0.matrices().gradients)] },
    RecordedMethod(.attention, "class_token") { request in
      let blocks = try request.matrices().weights
      var maps: [Tensor] = []
      for block in blocks.indices {
        for head in 0..<blocks[block].shape[0] {
          maps.append(try request.map(by: AttentionMap(block: block, head: head)))
        }
      }
      return ["file": stacked(maps)]
    },
    RecordedMethod(.attention, "rollout") { request in
      [
        "file": AttentionRollout.rollout(try request.matrices()),
        "class_token": try request.map(by: AttentionRollout()),
      ]
    },
    RecordedMethod(.attention, "gradient_rollout") { request in
      [
        "file": GradientRollout.rollout(try request.matrices()),
        "class_token": try request.map(by: GradientRollout()),
      ]
    },
    .relevance("attn_lrp", .attnLRP),
    .relevance("cp_lrp", .cpLRP),
  ]

  private static func stacked(_ tensors: [Tensor]) -> Tensor {
    let scalars = tensors.flatMap(\.scalars)
    return Tensor([scalars.count], scalars)
  }

  /// Relevance of the pixels, and of the tokens before each block and after the last.
  private static func relevance(
    _ name: String, _ variant: TransformerRelevance.Variant
  ) -> RecordedMethod {
    RecordedMethod(.attention, name) { request in
      let method = TransformerRelevance(variant)
      return [
        "input": try request.map(by: method),
        "tokens": stacked(
          try method.tokenRelevance(at: request.golden.input, of: request.explained())),
      ]
    }
  }
}

extension RecordedRequest {
  fileprivate func matrices() throws -> AttentionMatrices {
    try explained().attentionMatrices(of: golden.input, for: recording.name)
  }
}
