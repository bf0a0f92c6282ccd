import Attribution
import Imaging
import Tensors

extension RegisteredMethod {
  /// A map of what the method yields, in the colours that suit it.
  ///
  /// Where the sign says something, for or against the unit, channels are added up and shown in blue and
  /// red; elsewhere a pixel is as bright as its largest channel.
  ///
  /// - Parameter attribution: 1×C×H×W.
  /// - Returns: The map, H×W.
  func heatMap(_ attribution: Tensor) -> HeatMap {
    switch kind {
    case .signed: HeatMap(signed: attribution.summedOverChannels())
    case .lowResolution: HeatMap(attribution.summedOverChannels())
    case .unsigned: HeatMap(attribution.absoluteMaximumOverChannels())
    }
  }
}
