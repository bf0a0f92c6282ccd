import Autodiff
import Networks
import Objectives
import Tensors

/// The gradient whose product with the activations is relevance.
///
/// - Activations pass relevance as it is: `g ← g y / x`; those that are written as several operators, too.
/// - A normalization's deviation is a constant: `g` passes its mean and its scale alone.
/// - A product of two values that depend on the input gives each factor half (AttnLRP); in attention, all goes to
///   the values and nothing to the attention (CP-LRP).
/// - Softmax, weighted sums, residuals and means pass it as the derivative does, but where relevance is divided by
///   a value `z`, `g ← g |z| / (|z| + ε)`.
struct TransformerRule {
  /// The network with a node for every value that relevance is divided by.
  let network: Network

  private let variant: TransformerRelevance.Variant
  private let attention: AttentionGraph
  private let denominators: [String: Float]
  private let functions: ElementwiseFunctions
  /// The place of the attention in products with values.
  private let places: [String: Int]

  /// Finds what there is to change.
  ///
  /// - Throws: `AttributionError.noAttention` where there is no attention.
  init(_ variant: TransformerRelevance.Variant, of explained: Explained) throws {
    let found = try explained.attentionGraph()
    guard !found.blocks.isEmpty || !found.fused.isEmpty else {
      throw explained.noAttention(variant == .attnLRP ? "AttnLRP" : "CP-LRP", found)
    }
    self.variant = variant
    denominators = found.denominators(variant)
    let graph = found.graph.handingOn(denominators.keys)
    network = explained.network.replacing(graph)
    let read = try explained.objective.readings.map { try explained.network.value(of: $0.source) }
    attention = AttentionGraph(graph, input: network.input.name, before: read)
    functions = ElementwiseFunctions(graph, input: network.input.name, keeping: Set(read))
    places = Dictionary(
      attention.blocks.map { ($0.product, $0.place) }, uniquingKeysWith: { a, _ in a })
  }

  /// The rule for gradients.
  var gradientRule: GradientRule {
    GradientRule(variant.rawValue) { site in pullback(site) }
  }

  private func pullback(_ site: GradientRule.Site) -> GradientRule.Pullback? {
    let node = site.node
    let data = node.inputs.indices.filter { attention.dependent.contains(node.inputs[$0]) }
    if node.type == "Identity", let epsilon = denominators[node.outputs[0]] {
      return { _, z, cotangent in
        let size = z.absolute()
        return [cotangent * (size / (size + epsilon))]
      }
    }
    if let place = functions.ways[node.outputs[0]] { return Self.passing(to: place) }
    if node.type == "Attention" { return scaled(site, fusedFactors(node)) }
    switch attention.graph.role(of: node) {
    case .normalization: return Normalization(node)?.pullback
    case .elementwise, .gate, .clamp:
      return data == [0] ? Self.passing(site) : nil
    case .arithmetic(.division) where data.count == 2: return scaled(site, [1, 0])
    case .arithmetic(.multiplication) where data.count == 2:
      let deviations = data.map { attention.isInverseDeviation(node.inputs[$0]) }
      if deviations.contains(true) { return scaled(site, deviations.map { $0 ? 0 : 1 }) }
      return scaled(site, [0.5, 0.5])
    case _ where AttentionGraph.isProduct(node) && data.prefix(2) == [0, 1]:
      guard variant == .cpLRP else { return scaled(site, [0.5, 0.5]) }
      guard let place = places[node.outputs[0]] else { return nil }
      return scaled(site, place == 0 ? [0, 1] : [1, 0])
    default: return nil
    }
  }

  /// How much queries, keys and values get of an operator that is attention as a whole.
  private func fusedFactors(_ node: Node) -> [Float] {
    let factors: [Float] = variant == .attnLRP ? [0.25, 0.25, 0.5] : [0, 0, 1]
    return node.inputs.indices.map { $0 < 3 ? factors[$0] : 0 }
  }

  /// The derivative times a factor for each input.
  private func scaled(
    _ site: GradientRule.Site, _ factors: [Float]
  ) -> GradientRule.Pullback {
    { inputs, _, cotangent in
      let parts = try valueWithPullback(at: inputs) { try site($0) }.pullback(cotangent)
      return parts.indices.map { place in
        let factor = place < factors.count ? factors[place] : 1
        return factor == 0 ? nil : factor == 1 ? parts[place] : parts[place] * factor
      }
    }
  }

  /// `g y / x` to one of the inputs, nothing to the others.
  private static func passing(to place: Int) -> GradientRule.Pullback {
    { inputs, output, cotangent in
      inputs.indices.map { $0 == place ? cotangent * output / inputs[$0].stabilized(1e-12) : nil }
    }
  }

  /// `g y / x`; an operator with a bias of its own has it in `x`.
  private static func passing(_ site: GradientRule.Site) -> GradientRule.Pullback {
    let hasBias = ["com.microsoft.BiasGelu", "com.microsoft.FastGelu"].contains(site.node.type)
    return { inputs, output, cotangent in
      let x = hasBias && inputs.count > 1 && inputs[1].count > 0 ? inputs[0] + inputs[1] : inputs[0]
      // What goes on is divided by the sum that `x` is, which is kept from 0: here only from none at all.
      return [cotangent * output / x.stabilized(1e-12)] + inputs.dropFirst().map { _ in nil }
    }
  }
}
