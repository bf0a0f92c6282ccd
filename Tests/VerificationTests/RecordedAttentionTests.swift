@testable import Attribution
import Networks
import Objectives
import Tensors
import Testing

/// Attention matrices, rollouts and relevance of a vision transformer against their definitions in PyTorch.
@Suite struct RecordedAttentionTests {
  private static func attention() throws -> (RecordedMethods, AttentionMatrices) {
    let recorded = try RecordedMethods("vit")
    let unit = try #require(recorded.entry("weights")).unit
    return (
      recorded, try recorded.explained(unit).attentionMatrices(of: recorded.input, for: "test")
    )
  }

  @Test("attention and its gradient")
  func matrices() throws {
    let (recorded, attention) = try Self.attention()
    for (method, tensors) in [("weights", attention.weights), ("gradient", attention.gradients)] {
      let entry = try #require(recorded.entry(method))
      recorded.expect(
        tensors.flatMap(\.scalars), try recorded.tensor(#require(entry.file)), entry)
    }
    #expect(attention.readTokens == [0] && attention.extraTokens == 1)
    let entry = try #require(recorded.entry("class_token"))
    var maps: [Float] = []
    for block in 0..<4 {
      for head in 0..<2 {
        maps += try AttentionMap(block: block, head: head).attribute(
          recorded.input, of: recorded.explained(entry.unit)
        ) { _ in }.scalars
      }
    }
    recorded.expect(maps, try recorded.tensor(#require(entry.file)), entry)
  }

  @Test("rollouts")
  func rollouts() throws {
    let (recorded, attention) = try Self.attention()
    let methods: [(String, Tensor, any AttributionMethod)] = [
      ("rollout", AttentionRollout.rollout(attention), AttentionRollout()),
      ("gradient_rollout", GradientRollout.rollout(attention), GradientRollout()),
    ]
    for (method, matrix, ours) in methods {
      let entry = try #require(recorded.entry(method))
      recorded.expect(matrix.scalars, try recorded.tensor(#require(entry.file)), entry)
      let map = try ours.attribute(recorded.input, of: recorded.explained(entry.unit)) { _ in }
      recorded.expect(
        map.scalars, try recorded.tensor(#require(entry.classToken)), entry)
    }
  }

  @Test("AttnLRP and CP-LRP", arguments: TransformerRelevance.Variant.allCases)
  func relevance(variant: TransformerRelevance.Variant) throws {
    let recorded = try RecordedMethods("vit")
    let entry = try #require(recorded.entry(variant == .attnLRP ? "attn_lrp" : "cp_lrp"))
    let explained = recorded.explained(entry.unit)
    let map = try TransformerRelevance(variant).attribute(recorded.input, of: explained) { _ in }
    recorded.expect(map.scalars, try recorded.tensor(#require(entry.input)), entry)
    let rule = try TransformerRule(variant, of: explained).gradientRule
    let names = ["add", "add_2", "add_4", "add_6", "add_8"]
    let tokens = try explained.stored(
      names.map { .value($0) }, at: recorded.input, rule: rule
    ).stored.flatMap { ($0.activation * $0.gradient).scalars }
    recorded.expect(tokens, try recorded.tensor(#require(entry.tokens)), entry)
  }
}
