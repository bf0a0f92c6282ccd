/// Why something cannot be explained.
public enum AttributionError: Error, Equatable, CustomStringConvertible {
  /// A neuron beyond the borders of its layer.
  case neuronOutOfRange(layer: String, x: Int, y: Int, width: Int, height: Int)
  /// A neuron of a layer that has no positions.
  case noPositions(layer: String)
  /// A network without a convolution whose output has more than one position.
  case noConvolution
  /// A layer that the explained scalar does not depend on.
  case unconnected(layer: String)
  /// Nodes that relevance cannot be carried through.
  case noRelevanceRule([String])
  /// A map with infinite or undefined values.
  case notFinite

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .neuronOutOfRange(let layer, let x, let y, let width, let height):
      "layer \(layer) has \(width)×\(height) positions; there is none at x \(x), y \(y)"
    case .noPositions(let layer): "layer \(layer) has no positions, only channels"
    case .noConvolution:
      "the network has no convolution whose output has positions; name a layer for Grad-CAM"
    case .unconnected(let layer): "the explained unit does not depend on layer \(layer)"
    case .noRelevanceRule(let nodes):
      "LRP has no rule for \(nodes.count) node\(nodes.count == 1 ? "" : "s") of the network:\n"
        + nodes.map { "  \($0)" }.joined(separator: "\n")
    case .notFinite: "the map has values that are infinite or undefined"
    }
  }
}
