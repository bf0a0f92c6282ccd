import Networks
import Objectives
public import Tensors

/// The objective shared out among the pixels of a transformer, layer by layer, by a changed gradient times the
/// input.
///
/// Where a layer shares relevance in proportion to what it adds up (weighted sums with their biases, residuals),
/// relevance is the gradient times the activation. `TransformerRule` changes the gradient where that does not
/// hold: at activations, normalizations and products of two values.
///
/// Sources: Achtibat et al., "AttnLRP", ICML 2024 (arXiv 2402.05602); Ali et al., "XAI for Transformers: Better
/// Explanations through Conservative Propagation" (CP-LRP), ICML 2022; the changed gradient: Arras et al., 2025,
/// and LXT, the authors' library. Theirs keep denominators 1e-6 or so away from 0, here only those of
/// activations are. The README of LXT calls layer-wise relevance propagation a patented technology that is free
/// for personal and scientific use.
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
    let inner = explained.plans.value(["inner", variant.rawValue]) {
      Explained(
        explained.objective, in: network, inputShape: pictures.shape, feed: .raw,
        threads: explained.threads)
    }
    let rule = try TransformerRule(variant, of: inner).gradientRule
    let received = network.received(pictures, as: feed)
    let relevance = received * (try inner.gradient(at: received, rule: rule))
    return network.inFedOrder(relevance, as: feed)
  }
}

extension RegisteredMethod {
  static let attnLRP = RegisteredMethod(
    "attn-lrp", "a transformer's unit shared out layer by layer, through attention",
    shows: .signed
  ) { _ in TransformerRelevance(.attnLRP) }
  static let cpLRP = RegisteredMethod(
    "cp-lrp", "a transformer's unit shared out layer by layer, attention as given",
    shows: .signed
  ) { _ in TransformerRelevance(.cpLRP) }
}
