/// Why something cannot be explained.
public enum AttributionError: Error, Equatable, CustomStringConvertible {
  /// A map over a layer that has no positions.
  case noPositions(layer: String)
  /// A network without a convolution whose output has more than one position.
  case noConvolution
  /// An objective that reads nothing of the network, such as a penalty of the picture alone.
  case readsNothing(String)
  /// A layer that the explained scalar does not depend on.
  case unconnected(layer: String)
  /// Nodes that relevance cannot be carried through.
  case noRelevanceRule([String])
  /// An objective that is not made of what it reads in proportion.
  case notShareable(String)
  /// A method that is not registered, with the names most like it.
  case unknownMethod(String, candidates: [String])
  /// A baseline that is none.
  case unknownBaseline(String)
  /// A way to cut up a picture that is none.
  case unknownParts(String)
  /// A map with infinite or undefined values.
  case notFinite

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .noPositions(let layer): "layer \(layer) has no positions, only channels"
    case .noConvolution:
      "the network has no convolution whose output has positions; name a layer for Grad-CAM"
    case .readsNothing(let objective): "\(objective) reads nothing of the network"
    case .unconnected(let layer): "the explained unit does not depend on layer \(layer)"
    case .noRelevanceRule(let nodes):
      "LRP has no rule for \(nodes.count) node\(nodes.count == 1 ? "" : "s") of the network:\n"
        + nodes.map { "  \($0)" }.joined(separator: "\n")
    case .notShareable(let objective):
      "LRP cannot share out \(objective): it does not follow, in proportion, from what it reads of the "
        + "network"
    case .unknownMethod(let name, let candidates):
      candidates.isEmpty
        ? "there is no method '\(name)'; there are "
          + RegisteredMethod.all.map(\.name).joined(separator: ", ")
        : "there is no method '\(name)'; did you mean \(candidates.joined(separator: ", "))?"
    case .unknownBaseline(let name):
      "'\(name)' is no baseline; there are \(Baseline.names), or several with commas between them"
    case .unknownParts(let name):
      "a picture cannot be cut up by '\(name)'; there are grid:7x7, superpixels:50 and felzenszwalb:100"
    case .notFinite: "the map has values that are infinite or undefined"
    }
  }
}
