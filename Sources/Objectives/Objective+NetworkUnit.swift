public import Networks

extension Objective {
  /// What a unit stands for: a logit, channel, neuron or class token as it is; a layer by the mean of its
  /// squares, as in deep dream.
  public init(_ unit: NetworkUnit) {
    self =
      switch unit.kind {
      case .logit(let index): .logit(index)
      case .score(let index, let scores, let places): .score(index, of: scores, places: places)
      case .channel(let layer, let channel): .channel(layer, channel)
      case .neuron(let layer, let channel, let x, let y): .neuron(layer, channel, y: y, x: x)
      case .classToken(let layer, let channel): .classToken(layer, channel)
      case .layer(let layer): .deepDream(layer)
      }
  }
}
