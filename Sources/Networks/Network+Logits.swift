import Blocks
import Foundation
import Graphs
public import Plans
public import Tensors

extension Network {
  /// The numbers that a classifier ends in, one a class.
  public struct Logits: Sendable, Hashable {
    /// The value in the graph: a reading of this name yields them.
    public let value: String
    /// How many there are.
    public let count: Int
    /// What the file turns them into after this, which is not what is visualized.
    ///
    /// A probability of a softmax also rises by pushing the others down, and one of either kind stops rising
    /// where it is sure.
    public let link: Link
    /// What they are.
    public let kind: NumberKind
    /// Whether they are the coordinates of points.
    public internal(set) var arePoints = false
    /// In words, that nothing says what they are and what they are taken for; nil where something does.
    public internal(set) var guess: String?
    /// What would settle the guess.
    public internal(set) var remedy = Remedy.labels

    /// Whether they are the numbers of an embedding, which has no classes.
    public var isEmbedding: Bool { kind == .embedding }

    /// Whether each is of a class, and not a number of an embedding or a coordinate; a single number is what the network
    /// answers, whatever it is.
    public var haveClasses: Bool { kind == .classes || kind == .values && count == 1 }

    /// Whether the file, or how there are several of them, makes probabilities of them.
    public var haveProbabilities: Bool {
      guard kind == .classes else { return false }
      return switch link {
      case .softmax, .sigmoid, .own: true
      case .none: count > 1 && guess == nil
      case .other, .embedding: false
      }
    }

    /// The probabilities that the file makes of these logits; those of a softmax where it makes none, of two
    /// classes or more.
    ///
    /// - Parameter logits: One number a class, of one picture.
    /// - Returns: One a class, in 0…1; nil where the numbers are not known to be logits, a single one as it is, or
    ///   the file makes something else of them.
    public func probabilities(_ logits: [Float]) -> [Float]? {
      // What is shared out already, by whatever means, is a probability as it is.
      if kind == .classes, link == .none, count > 1,
        logits.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(logits.reduce(0, +) - 1) < 1e-4
      {
        return logits
      }
      guard haveProbabilities else { return nil }
      switch link {
      case .sigmoid: return Tensor([logits.count], logits).sigmoid().scalars
      case .own: return logits
      case .softmax, .none, .other, .embedding:
        let largest = logits.max() ?? 0
        let powers = logits.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
      }
    }
  }

  /// The logits: the first result that is numbers, or what goes into the softmax or sigmoid that makes it.
  ///
  /// - Parameter shapes: What `shapes(inputShape:)` returned.
  /// - Returns: `nil` where that result is a map and no list of numbers.
  public func logits(in shapes: [String: Shape]) -> Logits? {
    guard graph.outputs.indices.contains(logitsOutput) else { return nil }
    let found = logitsAndLink(output: logitsOutput)
    let output = graph.outputs[logitsOutput]
    if let points = points(found, of: output, in: shapes) { return points }
    guard let shape = shapes[found.value], !hasSteps(found.value, shape, in: shapes),
      let count = classCount(found.value, shape, in: shapes)
    else { return nil }
    let isOwn =
      found.link != .softmax
      || LinkSearch(graph, makers: makers).isOverClasses(found, in: shapes, count: count)
    let meaning = meaning(found, of: output, count: count)
    var link: Link =
      meaning.kind == .embedding
      ? .embedding : found.link == .embedding ? .none : isOwn ? found.link : .other
    if link == .none, meaning.kind == .classes,
      let said = metadata["output.link"].flatMap(Link.init(rawValue:)),
      [.softmax, .sigmoid].contains(said)
    {
      link = said
    }
    return Logits(
      value: found.value, count: count, link: link, kind: meaning.kind, guess: meaning.guess,
      remedy: meaning.remedy)
  }

  /// Numbers that a result only has in twos or threes: the points of landmarks, and no classes of each, where nobody says
  /// what they are.
  private func points(
    _ found: LinkSearch.Found, of output: String, in shapes: [String: Shape]
  ) -> Logits? {
    let kind = saidKind ?? .values
    // The shape may come before a sigmoid or behind it.
    guard [.none, .sigmoid].contains(found.link),
      let shape = [found.value, output].compactMap({ shapes[$0] }).first(where: { $0.rank == 3 }),
      shape[1] > 1, (2...3).contains(shape[2]), case let count = shape[1] * shape[2],
      let list = shapes[found.value] == [shape[0], count]
        ? found.value : list(behind: found.value, in: shapes),
      labels.isEmpty || labels.count == count
    else { return nil }
    return Logits(
      value: list, count: count, link: kind == .embedding ? .embedding : found.link, kind: kind,
      arePoints: kind == .values)
  }

  /// The list N×K that a value only has in another shape; nil where it is none.
  func list(behind value: String, in shapes: [String: Shape]) -> String? {
    guard let shape = shapes[value], shape.rank > 2 else { return nil }
    let source = LinkSearch(graph, makers: makers).renamed(value)
    let list = shapes[source]
    return list?.rank == 2 && list?[0] == shape[0] && list?.count == shape.count ? source : nil
  }

  /// Whether a value has classes at several steps or places: before the pictures of a batch, T×N×C, as of a text
  /// recognizer; one number each, N×P×1 or P×C, where another result has four or more for the same places; or one
  /// number each by the graph, as of a detector of voices, N×T×1, with its axis of one channel or without it.
  private func hasSteps(_ value: String, _ shape: Shape, in shapes: [String: Shape]) -> Bool {
    if onePerPlace(behind: value, in: shapes) != nil { return true }
    guard let batch = shapes[input.name]?.dimensions.first else { return false }
    func isBeside(_ places: Int, _ axis: Int) -> Bool {
      places > 1
        && graph.outputs.prefix(16).contains { output in
          shapes[output].map { other in
            other.rank == shape.rank && other[axis] == places && other[axis + 1] >= 4
              && other[axis + 1] != shape[axis + 1]
          } ?? false
        }
    }
    switch shape.rank {
    case 2: return shape[0] != batch && isBeside(shape[0], 0)
    case 3 where shape[0] == batch: return shape[2] == 1 && isBeside(shape[1], 1)
    case 3: return shape[1] == batch
    default: return false
    }
  }

  /// The value with one channel and several places, N×1×L, N×L×1, N×1×H×W or N×H×W×1, that another has the numbers of.
  ///
  /// - Returns: nil where there is none, or there are as many labels as places.
  func onePerPlace(behind value: String, in shapes: [String: Shape]) -> String? {
    guard let shape = shapes[value], (2...4).contains(shape.rank) else { return nil }
    var value = value
    while true {
      if let axes = shapes[value]?.dimensions, (3...4).contains(axes.count), axes[0] == shape[0],
        let channels = channelAxes[value],
        case let places = channels == .last ? axes[1..<axes.count - 1] : axes[2...],
        (channels == .last ? axes[axes.count - 1] : axes[1]) == 1,
        case let count = places.reduce(1, *), count > 1
      {
        // A map that is one is no list in any case.
        return axes.count == shape.rank && channels == .first || labels.count == count ? nil : value
      }
      guard let node = makers[value].map({ graph.nodes[$0] }), let input = node.input(0),
        graph.role(of: node).keepsNumbers
      else { return nil }
      value = input
    }
  }

  /// How many classes a list of numbers has, one for each; `nil` of a map.
  private func classCount(_ value: String, _ shape: Shape, in shapes: [String: Shape]) -> Int? {
    if let count = channels(ofList: shape, in: shapes) { return count }
    guard shape.rank >= 2 else { return nil }
    // One token, or one pixel, with its channels at the end.
    if shape.rank > 2, channelAxes[value] == .last,
      shape.count == shape[0] * shape[shape.rank - 1]
    {
      return shape[shape.rank - 1]
    }
    return shape.count == shape[0] * shape[1] ? shape[1] : nil
  }

  /// The logits, or why there are none.
  ///
  /// - Parameters:
  ///   - text: What asks for one, for the error.
  ///   - shapes: What `shapes(inputShape:)` returned.
  /// - Returns: The logits.
  /// - Throws: `NetworkError` where an operator or the input's size keeps them from being computed;
  ///   `UnitError.noLogits` where the network has none.
  public func requireLogits(_ text: String, in shapes: [String: Shape]) throws -> Logits {
    if let logits = logits(in: shapes) { return logits }
    let unsupported = unsupported
    guard unsupported.isEmpty else { throw NetworkError.unsupported(unsupported) }
    try requireInputs(of: graph.needed(for: [logitsValue(output: logitsOutput)]))
    if let shape = shapes[input.name], let misfit = try misfit(inputShape: shape) { throw misfit }
    throw UnitError.noLogits(text)
  }

  /// The logits of classes, or why there are none.
  ///
  /// - Parameters:
  ///   - text: What asks for a class, for the error.
  ///   - shapes: What `shapes(inputShape:)` returned.
  /// - Returns: The logits.
  /// - Throws: As `requireLogits`; `UnitError.embedding` or `.values` where the numbers are no classes'.
  @discardableResult
  public func requireClasses(_ text: String, in shapes: [String: Shape]) throws -> Logits {
    let logits = try requireLogits(text, in: shapes)
    if logits.isEmbedding { throw UnitError.embedding(text, count: logits.count) }
    guard logits.haveClasses else { throw UnitError.values(text, count: logits.count) }
    return logits
  }

  /// The value that a reading's source stands for.
  ///
  /// - Throws: `NetworkError.unknownLayer` with the most similar names.
  public func value(of source: Reading.Source) throws -> String {
    switch source {
    case .layer(let name): try value(ofLayer: name)
    case .value(let name): try value(named: name)
    case .logits: logitsValue(output: logitsOutput)
    }
  }

  /// The place of the result that the logits make.
  ///
  /// scikit-learn's converter puts the label, which can have no gradient, before it. What cannot be run here does not
  /// stand in the way of another result, nor do states that are fed again, nor what has another length than labels
  /// have, nor an embedding or features on the way to a list of classes.
  package var logitsOutput: Int {
    var places = graph.outputs.indices.filter { !isLabel(graph.outputs[$0]) }
    guard places.count > 1 else { return places.first ?? 0 }
    if neededNodes.contains(where: { !$0.isSupported }) {
      let beyond = unsupportedValues
      let able = places.filter { !beyond.contains(graph.outputs[$0]) }
      if !able.isEmpty { places = able }
    }
    let results = ResultSearch(self)
    let lasting = places.filter { !results.isState(graph.outputs[$0]) }
    if !lasting.isEmpty { places = lasting }
    let others = places.filter { !results.isPictureAgain(output: $0) }
    if !others.isEmpty { places = others }
    let lists = places.filter { !isEmbedding(graph.outputs[$0]) && isList(output: $0) }
    let first = places[0]
    let isOther = isEmbedding(graph.outputs[first])
    if isOther || lists.contains(first),
      let labelled = lists.first(where: { results.length(output: $0) == labels.count })
    {
      return labelled
    }
    if isOther { return lists.first ?? first }
    return lists.prefix(16).first { $0 != first && results.isPassed(output: first, onTheWayTo: $0) }
      ?? first
  }

  /// The values that need what cannot be run here.
  private var unsupportedValues: Set<String> {
    var found: Set<String> = []
    for node in graph.nodes
    where !node.isSupported || node.reads.contains(where: { found.contains($0) }) {
      found.formUnion(node.outputs.filter { !$0.isEmpty })
    }
    return found
  }

  /// Whether a result is a list N×K by what makes it, whatever the picture's size.
  private func isList(output: Int) -> Bool {
    var value = logitsAndLink(output: output).value
    for _ in 0..<8 {
      guard let place = makers[value] else { return false }
      let node = graph.nodes[place]
      switch node.type {
      case "Gemm", "Flatten": return true
      case "MatMul", "Add", "Relu", "Identity", "Cast":
        value = node.inputs.first { graph.constants[$0] == nil } ?? ""
      default: return false
      }
    }
    return false
  }

  /// Whether a value is the places of elements and not their values: an index, whose gradient is none.
  func isPlace(_ value: String) -> Bool {
    var value = value
    for _ in 0..<8 {
      guard let place = makers[value] else { break }
      let node = graph.nodes[place]
      switch graph.role(of: node) {
      case .index: return true
      case .selection where node.type == "TopK": return node.outputs.firstIndex(of: value) == 1
      case .renaming, .reshaping, .step: value = node.input(0) ?? ""
      default: return false
      }
    }
    return false
  }

  /// Whether a value is the number of the largest class, or the label that this stands for.
  private func isLabel(_ value: String) -> Bool {
    if isPlace(value) { return true }
    var value = value
    for _ in 0..<8 {
      guard let place = makers[value] else { break }
      let node = graph.nodes[place]
      switch graph.role(of: node) {
      // The label that stands at a place in a list.
      case .selection: return node.input(0).map { graph.constants[$0] != nil } ?? false
      case .renaming, .reshaping, .step: value = node.input(0) ?? ""
      default: return false
      }
    }
    return false
  }
}
