import Networks
import Objectives
public import Tensors

/// The objective shared out among the pixels of a transformer, layer by layer, by a changed gradient times the
/// input.
///
/// Where a layer shares relevance in proportion to what it adds up (weighted sums with their biases, residuals),
/// relevance is the gradient times the activation. `TransformerRule` changes the gradient where that does not
/// hold: at activations, normalizations and products of two values. Denominators are kept 1e-6 away from 0.
///
/// Sources: Achtibat et al., "AttnLRP", ICML 2024 (arXiv 2402.05602); Ali et al., "XAI for Transformers: Better
/// Explanations through Conservative Propagation" (CP-LRP), ICML 2022; the authors' library, LXT. Its README
/// calls layer-wise relevance propagation a patented technology that is free for personal and scientific use.
public struct TransformerRelevance: AttributionMethod {
  /// What becomes of relevance in attention.
  public enum Variant: String, Sendable, CaseIterable {
    /// Half of it goes to the values and half to the attention, which passes it on to queries and keys.
    case attnLRP
    /// All of it goes to the values: the attention is taken as given.
    case cpLRP
  }

  /// What becomes of relevance in attention.
  public var variant: Variant

  /// Creates the method.
  ///
  /// - Parameter variant: What becomes of relevance in attention.
  public init(_ variant: Variant) { self.variant = variant }

  /// Explains pictures; the map has their shape.
  ///
  /// - Throws: `AttributionError.noAttention` for a network without attention; `NetworkError`.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let (network, feed) = (explained.network, explained.feed)
    let changed = try changed(explained)
    let received = network.received(pictures, as: feed)
    let gradient = try changed.explained.gradient(at: received, rule: changed.rule)
    return network.inFedOrder(received * gradient, as: feed)
  }

  /// The relevance of the tokens before each block and after the last.
  ///
  /// - Parameters:
  ///   - input: What the network receives, 1×C×H×W.
  ///   - explained: What is explained.
  /// - Returns: One tensor a block and one more, as the graph has the tokens: N×T×C.
  /// - Throws: `AttributionError.noAttention`; `NetworkError`.
  package func tokenRelevance(at input: Tensor, of explained: Explained) throws -> [Tensor] {
    let changed = try changed(explained)
    let responses = try changed.explained.stored(
      changed.tokens.map { .value($0) }, at: input, rule: changed.rule)
    return responses.stored.map { $0.activation * $0.gradient }
  }

  /// The network whose denominators are kept from 0, and the rule for its gradient.
  private struct Changed {
    let explained: Explained
    let rule: GradientRule
    /// The values of the graph that hold the tokens before each block and after the last.
    let tokens: [String]
  }

  private func changed(_ explained: Explained) throws -> Changed {
    try explained.plans.value(["transformer", variant.rawValue]) {
      let source = try explained.writingOutAttention() ?? explained
      let rule = try TransformerRule(variant, of: source)
      let tokens = try source.attentionGraph().residualStream
      let changed = explained.beside(explained.objective, in: rule.network, feed: .raw)
      return Changed(explained: changed, rule: rule.gradientRule, tokens: tokens)
    }
  }
}

extension RegisteredMethod {
  /// AttnLRP.
  public static let attnLRP = RegisteredMethod(
    "attn-lrp", "a transformer's unit shared out layer by layer, through attention",
    shows: .signed
  ) { _ in TransformerRelevance(.attnLRP) }
  static let cpLRP = RegisteredMethod(
    "cp-lrp", "a transformer's unit shared out layer by layer, attention as given",
    shows: .signed
  ) { _ in TransformerRelevance(.cpLRP) }
}
