import Networks
import Objectives
package import Tensors

extension TransformerRelevance {
  /// The relevance of the tokens before each block and after the last.
  ///
  /// - Parameters:
  ///   - picture: 1×C×H×W.
  ///   - explained: What is explained.
  /// - Returns: One tensor a block and one more, as the graph has the tokens: N×T×C.
  /// - Throws: `AttributionError.noAttention`; `NetworkError`.
  package func tokenRelevance(at picture: Tensor, of explained: Explained) throws -> [Tensor] {
    let rule = try TransformerRule(variant, of: explained).gradientRule
    let tokens = try explained.attentionGraph().residualStream
    let responses = try explained.stored(tokens.map { .value($0) }, at: picture, rule: rule)
    return responses.stored.map { $0.activation * $0.gradient }
  }
}

extension AttentionGraph {
  /// The values that blocks read and add to: what goes into each block's first residual, and the last sum.
  var residualStream: [String] {
    let sums = nodes.filter { node in
      graph.role(of: node) == .arithmetic(.addition)
        && node.inputs.count { dependent.contains($0) } == 2
    }
    var stream: [String] = []
    for block in blocks {
      var after: Set = [block.product]
      for node in nodes where node.inputs.contains(where: after.contains) {
        after.formUnion(node.outputs)
        guard let sum = sums.first(where: { $0.outputs == node.outputs }) else { continue }
        stream += sum.inputs.filter { !after.contains($0) }
        break
      }
    }
    return stream + (sums.last?.outputs ?? [])
  }
}
