/// Why something cannot be explained.
public enum AttributionError: Error, Equatable, CustomStringConvertible {
  /// A map over a layer that has no positions.
  case noPositions(layer: String)
  /// A network without a layer that has positions; what its last layers are.
  case noSpatialLayer(has: [String])
  /// An objective that reads nothing of the network, such as a penalty of the picture alone.
  case readsNothing(String)
  /// A layer that the explained scalar does not depend on.
  case unconnected(layer: String)
  /// A value within what is computed in one, as an activation that is written in several operators; its layer.
  case within(layer: String, whole: String)
  /// Nodes that relevance cannot be carried through.
  case noRelevanceRule([String])
  /// An objective that is not made of what it reads in proportion.
  case notShareable(String)
  /// A method that is not registered, with the names most like it.
  case unknownMethod(String, candidates: [String])
  /// More parts than all coalitions can be taken of.
  case tooManyParts(Int, most: Int)
  /// Fewer draws than a method can do with.
  case samplesBelow(Int, least: Int)
  /// Fewer coalitions than tell the parts' numbers.
  case tooFewSamples(Int, parts: Int)
  /// Parts of another picture's size, rows by columns.
  case partsOfOtherSize(parts: [Int], picture: [Int])
  /// A window that covers all of a picture at once, both rows by columns.
  case windowCoversAll(window: [Int], picture: [Int])
  /// A network whose attention cannot be read, what it has instead, and what to do.
  case noAttention(String)
  /// A layer of more positions than a method can hold against each other.
  case tooManyPositions(layer: String, positions: Int, most: Int)
  /// A method that divides by the objective, where that is 0.
  case objectiveIsZero(method: String)
  /// A method that compares classes, where something else is explained.
  case notAClass(method: String, objective: String)
  /// A method that compares classes, where there is one.
  case noOtherClass(method: String)
  /// A method that looks through a neuron, where none was named.
  case noNeuron(method: String)
  /// Something that is no neuron, for a method that looks through one.
  case notANeuron(method: String, unit: String)
  /// A method of one layer that was given several.
  case oneLayer(method: String, layers: [String])
  /// A method of one baseline that was given several.
  case oneBaseline(method: String)
  /// A baseline that is none.
  case unknownBaseline(String)
  /// A way to cut up a picture that is none.
  case unknownParts(String)
  /// A method that cuts pictures up, for a network of something else.
  case picturesOnly(String, form: String)
  /// A layer of a network of signals that has rows beside columns.
  case rowsOfSignal(layer: String)
  /// A map of a signal that has rows beside columns.
  case rowsOfMap(method: String)
  /// A picture with infinite or undefined numbers.
  case notFinitePicture
  /// A map with infinite or undefined values.
  case notFinite

  private static let rows =
    "has rows and columns, and which of them are time is not known: name an earlier layer, or a method that explains "
    + "samples, such as integrated-gradients"

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .noPositions(let layer): "layer \(layer) has no positions, only channels"
    case .noSpatialLayer(let layers):
      "no layer before the explained unit has rows and columns, which a class activation map is made of"
        + (layers.isEmpty ? "" : "; the last ones are \(layers.joined(separator: ", "))")
        + "; methods that explain pixels, such as integrated-gradients, need none"
    case .readsNothing(let objective): "\(objective) reads nothing of the network"
    case .unconnected(let layer): "the explained unit does not depend on layer \(layer)"
    case .within(let layer, let whole):
      "\(layer) lies within \(whole), which is computed in one and has no gradient inside: take layer \(whole)"
    case .noRelevanceRule(let nodes):
      "LRP has no rule for \(nodes.count) node\(nodes.count == 1 ? "" : "s") of the network, "
        + nodes.prefix(3).joined(separator: ", ")
        + (nodes.count > 3 ? " and \(nodes.count - 3) more" : "")
        + (nodes.contains { $0.hasPrefix("MatMul") || $0.hasPrefix("Attention") }
          ? "; for attention there are attn-lrp and cp-lrp" : "")
    case .notShareable(let objective):
      "LRP cannot share out \(objective): it does not follow, in proportion, from what it reads of the "
        + "network"
    case .unknownMethod(let name, let candidates):
      candidates.isEmpty
        ? "there is no method '\(name)'; there are "
          + RegisteredMethod.all.map(\.name).joined(separator: ", ")
        : "there is no method '\(name)'; did you mean \(candidates.joined(separator: ", "))?"
    case .tooManyParts(let count, let most):
      "exact Shapley values take every coalition of the parts: 2^\(count) pictures for \(count) parts; "
        + "take \(most) parts at most, or sample (shapley-sampling, kernel-shap)"
    case .samplesBelow(let samples, let least):
      "\(samples) sample\(samples == 1 ? " is" : "s are") too few; take \(least) at least"
    case .tooFewSamples(let samples, let parts):
      "\(samples) samples do not tell the numbers of \(parts) parts; take some \(10 * parts), or fewer parts"
    case .partsOfOtherSize(let parts, let picture):
      "the parts are of a picture of \(parts[0])×\(parts[1]) pixels (rows by columns), this one has "
        + "\(picture[0])×\(picture[1])"
    case .windowCoversAll(let window, let picture):
      "a window of \(window[0])×\(window[1]) covers all of the \(picture[0])×\(picture[1]) pixels (rows by columns) at "
        + "once, so that no place differs from another: take a smaller one"
    case .noAttention(let reason): reason
    case .tooManyPositions(let layer, let positions, let most):
      "layer \(layer) has \(positions) positions, which are compared with each other; \(most) are the most: "
        + "name a later layer"
    case .objectiveIsZero(let method):
      "\(method) measures falls as parts of the unit's value, which is 0 here"
    case .notAClass(let method, let objective):
      "\(method) compares a class with those most like it, and \(objective) is no class's logit"
    case .noOtherClass(let method):
      "\(method) compares a class with those most like it, and the network has one class"
    case .noNeuron(let method):
      "\(method) looks through one neuron, and none was named: its layer, channel, column and row, such as "
        + "layer3:17@4,5"
    case .notANeuron(let method, let unit):
      "\(method) looks through one neuron, such as layer3:17@4,5, and \(unit) is none"
    case .oneLayer(let method, let layers):
      "\(method) takes one layer, not \(layers.joined(separator: ", "))"
    case .oneBaseline(let method): "\(method) takes one baseline, not several"
    case .unknownBaseline(let name):
      "'\(name)' is no baseline; there are \(Baseline.names), or several with commas between them"
    case .unknownParts(let name):
      "a picture cannot be cut up by '\(name)'; there are grid:7x7, superpixels:50 and felzenszwalb:100"
    case .picturesOnly(let method, let form):
      "\(method) cuts up the plane of a picture, and the network takes \(form); occlusion and the methods by gradients, "
        + "paths, relevance and layers do without"
    case .rowsOfSignal(let layer): "layer \(layer) \(Self.rows)"
    case .rowsOfMap(let method): "the map of \(method) \(Self.rows)"
    case .notFinitePicture: "the picture has numbers that are infinite or undefined"
    case .notFinite: "the map has values that are infinite or undefined"
    }
  }
}
