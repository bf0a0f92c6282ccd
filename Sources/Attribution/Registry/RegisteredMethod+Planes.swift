package import Networks
package import Tensors

extension RegisteredMethod.Kind {
  /// A map with one number a place: channels added up where signs say something, else the largest magnitude.
  ///
  /// - Parameters:
  ///   - map: 1×C×h×w; of a volume 1×(C·D)×H×W, of a volume's layer 1×d×h×w.
  ///   - form: What the network takes.
  /// - Returns: h×w; of a volume D×H×W or d×h×w.
  package func planes(of map: Tensor, _ form: InputForm) -> Tensor {
    guard case .volume(let volume) = form else { return merged(map) }
    guard self == .lowResolution else { return map.slices(of: volume, merged) }
    return map.reshaped(Shape(Array(map.shape.dimensions.dropFirst())))
  }

  private func merged(_ channels: Tensor) -> Tensor {
    switch self {
    case .signed, .lowResolution: channels.summedOverChannels()
    case .unsigned: channels.absoluteMaximumOverChannels()
    }
  }
}
