import Graphs
import Tensors

extension Network {
  /// What the numbers of a list are, and what that is a guess by.
  struct Meaning {
    var kind: NumberKind
    /// What is to be said where nothing says it.
    var guess: String?
  }

  /// How many classes the sets of labels have that networks are published for: ImageNet (with and without a class for
  /// nothing, and its 21,841 in three editions), Places365, SUN397, Food-101, Stanford's dogs, Kinetics, AudioSet (of
  /// YAMNet and whole), iNaturalist.
  ///
  /// Sets of 10, 100 or 196 say nothing: five points have 10 coordinates.
  static let knownCounts: Set = [
    1000, 1001, 10_450, 11_221, 21_841, 21_843, 365, 397, 101, 120, 400, 700, 521, 527, 5089, 8142,
    10_000,
  ]

  /// What the numbers of a list are.
  ///
  /// In this order: what somebody says (`output.kind`); a length that they are brought to; labels; what follows them;
  /// names; the normalization that they end in; how many there are.
  ///
  /// - Parameters:
  ///   - found: The list, and what is made of it.
  ///   - output: The result.
  ///   - count: How many there are.
  /// - Returns: The kind, and the guess where nothing tells it.
  func meaning(_ found: LinkSearch.Found, of output: String, count: Int) -> Meaning {
    if let said = metadata["output.kind"].flatMap(NumberKind.init(rawValue:)) {
      return Meaning(kind: said)
    }
    let ending = LinkSearch(graph, makers: makers).normalization(endingIn: output)
    if ending == .length, found.link == .embedding { return Meaning(kind: .embedding) }
    if !labels.isEmpty || ![.none, .embedding].contains(found.link) || found.isChoice {
      return Meaning(kind: .classes)
    }
    if let kind = names(of: found, output).lazy.compactMap(NumberKind.init(named:)).first {
      return Meaning(kind: kind)
    }
    if ending == .moments { return Meaning(kind: .embedding) }
    if Self.knownCounts.contains(count) { return Meaning(kind: .classes) }
    if count == 1 { return Meaning(kind: .values) }
    let nothing = "nothing says what its \(count) numbers are: "
    if ending == .batch {
      return Meaning(
        kind: .embedding,
        guess: nothing + "taken for an embedding, as they end in a batch norm")
    }
    return count >= 64 && count % 64 == 0
      ? Meaning(kind: .embedding, guess: nothing + "taken for an embedding, by how many they are")
      : Meaning(kind: .classes, guess: nothing + "taken for classes, without probabilities")
  }

  /// What the file calls a list, the surest first: the result, the layer, its weights, itself.
  private func names(of found: LinkSearch.Found, _ output: String) -> [String] {
    let node = makers[found.value].map { graph.nodes[$0] }
    let file = path.split(separator: "/").last.map(String.init) ?? ""
    return [output] + layers.filter { $0.value == found.value }.map(\.name)
      + (node?.inputs.filter { graph.constants[$0] != nil } ?? []) + [file]
  }
}
