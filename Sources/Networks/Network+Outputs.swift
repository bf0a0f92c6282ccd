import Blocks
import Graphs
public import Tensors

extension Network {
  /// One of a network's results, and how its numbers are asked for.
  public struct Output: Sendable, Hashable {
    /// The result's name in the file.
    public let name: String
    /// Its shape; nil where it cannot be computed, or depends on the picture.
    public let shape: Shape?
    /// What it is where it has no shape.
    public let unshaped: Unshaped?
    /// What the file makes of the numbers before it.
    public let link: Link
    /// How many channels may be asked for; 0 where there are none.
    public let channels: Int
    /// Whether its numbers are the logits, which go by their numbers alone.
    public let areLogits: Bool

    /// The text of its first unit: `0`, or `gender:0`; nil where it has none.
    public var firstUnit: String? {
      areLogits ? "0" : channels > 0 ? "\(name):0" : nil
    }
  }

  /// The network's results, in the order of the file.
  ///
  /// - Parameter inputShape: N×C×H×W.
  /// - Returns: One for each.
  /// - Throws: `NetworkError` where the input cannot be fed; `MemoryError`.
  public func outputs(inputShape: Shape) throws -> [Output] {
    outputs(in: try survey(inputShape: inputShape))
  }

  func outputs(in survey: Survey) -> [Output] {
    let shapes = survey.shapes
    let layouts = layouts(in: shapes)
    let (logits, own) = (logits(in: shapes), logitsOutput)
    return graph.outputs.enumerated().map { place, name in
      let logits = place == own ? logits : nil
      if logits == nil, isPlace(name) {
        return Output(
          name: name, shape: shapes[name], unshaped: survey.others[name], link: .none, channels: 0,
          areLogits: false)
      }
      return Output(
        name: name, shape: shapes[name], unshaped: survey.others[name],
        link: logits?.link ?? logitsAndLink(output: place).link,
        channels: layouts[name]?.channels ?? 0, areLogits: logits != nil)
    }
  }

  /// A part of a result, as people write it, as what it is of the numbers before a softmax or a sigmoid, which go on
  /// rising where a probability is sure; any other unit as it is.
  ///
  /// - Parameters:
  ///   - kind: A unit that names a layer or a result.
  ///   - layouts: What `layouts(in:)` returned.
  /// - Returns: nil where it is no part of a result that ends so.
  func beforeLink(
    _ kind: NetworkUnit.Kind, _ layouts: [String: LayerLayout]
  ) -> NetworkUnit.Kind? {
    func source(_ layer: String) -> String? {
      guard let place = graph.outputs.firstIndex(of: layer) else { return nil }
      let found = logitsAndLink(output: place)
      guard found.value != layer, [.softmax, .sigmoid, .other].contains(found.link),
        let layout = layouts[found.value], layout.channels == layouts[layer]?.channels,
        layout.grid == layouts[layer]?.grid
      else { return nil }
      return layers.first { $0.value == found.value }?.name ?? found.value
    }
    return switch kind {
    case .channel(let layer, let channel):
      source(layer).map { .channel(layer: $0, channel: channel) }
    case .neuron(let layer, let channel, let x, let y):
      source(layer).map { .neuron(layer: $0, channel: channel, x: x, y: y) }
    default: nil
    }
  }
}
