import ArgumentParser
import Attribution
import Imaging
import Networks
import Tensors

extension NamedMethod {
  /// A map of what the method yields, in the colours that suit it.
  ///
  /// Where the sign says something, for or against the unit, channels are added up and shown in blue and
  /// red; elsewhere a pixel is as bright as its largest channel.
  ///
  /// - Parameter attribution: 1×C×H×W.
  /// - Returns: The map, H×W.
  func heatMap(_ attribution: Tensor) -> HeatMap {
    switch self {
    case .inputTimesGradient, .integratedGradients, .occlusion, .lrpEpsilonPlus,
      .lrpEpsilonAlpha2Beta1, .lrpEpsilonGammaBox:
      HeatMap(signed: attribution.summedOverChannels())
    case .gradCAM: HeatMap(attribution.summedOverChannels())
    default: HeatMap(attribution.absoluteMaximumOverChannels())
    }
  }
}

extension Target {
  /// The unit as something to explain.
  init(_ unit: NetworkUnit) {
    self =
      switch unit.kind {
      case .logit(let index): .logit(index)
      case .channel(let layer, let channel): .channel(layer: layer, channel: channel)
      case .classToken(let layer, let channel): .classToken(layer: layer, channel: channel)
      case .neuron(let layer, let channel, let x, let y):
        .neuron(layer: layer, channel: channel, x: x, y: y)
      case .layer(let layer): .layer(layer)
      }
  }
}
