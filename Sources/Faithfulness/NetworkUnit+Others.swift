import Networks
import Tensors

extension NetworkUnit {
  /// Other units of the same kind, drawn at random: other classes, or other channels of the same layer.
  ///
  /// - Returns: Fewer where there are fewer; none for a whole layer.
  /// - Throws: `NetworkError.unknownLayer`.
  func others(
    _ count: Int, in network: Network, shapes: [String: Shape], seed: UInt64
  ) throws -> [NetworkUnit] {
    let number: Int
    let total: Int
    let make: (Int) -> Kind
    switch kind {
    case .logit(let index):
      (number, total) = (index, network.logits(in: shapes)?.count ?? 0)
      make = { .logit($0) }
    case .score(let index, let scores, let places):
      (number, total) = (index, scores.count)
      make = { .score($0, of: scores, places: places) }
    case .channel(let layer, let channel):
      (number, total) = (channel, try channels(of: layer, in: network, shapes))
      make = { .channel(layer: layer, channel: $0) }
    case .neuron(let layer, let channel, let x, let y):
      (number, total) = (channel, try channels(of: layer, in: network, shapes))
      make = { .neuron(layer: layer, channel: $0, x: x, y: y) }
    case .classToken(let layer, let channel):
      (number, total) = (channel, try channels(of: layer, in: network, shapes))
      make = { .classToken(layer: layer, channel: $0) }
    case .layer: return []
    }
    var random = SplitMix64(seed: seed)
    let drawn = (0..<total).filter { $0 != number }.shuffled(using: &random).prefix(count)
    return drawn.map { NetworkUnit(make($0), labels: network.labels) }
  }

  private func channels(
    of layer: String, in network: Network, _ shapes: [String: Shape]
  ) throws -> Int {
    network.layouts(in: shapes)[try network.value(ofLayer: layer)]?.channels ?? 0
  }
}
