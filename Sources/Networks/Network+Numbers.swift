import Graphs
import Tensors

extension Network {
  /// What the numbers of a list are, and what that is a guess by.
  struct Meaning {
    var kind: NumberKind
    /// What is to be said where nothing says it.
    var guess: String?
    /// What would settle that.
    var remedy = Remedy.labels
  }

  /// What settles a guess.
  public enum Remedy: Sendable, Hashable {
    /// A list of labels, or somebody who says what the numbers are.
    case labels
    /// Somebody who says what the numbers are, and no labels.
    case kind
    /// Nothing: no probabilities can be made of the numbers.
    case none
  }

  /// How many classes the sets of labels have that networks are published for: ImageNet, with and without a class for
  /// nothing, and its 21,841 in several editions.
  ///
  /// Sets of 10, 100 or 400 say nothing: five points have 10 coordinates.
  static let knownCounts: Set = [1000, 1001, 10_450, 11_221, 21_841, 21_843]

  /// What the numbers of a list are.
  ///
  /// In this order: what somebody says (`output.kind`), but that the smallest of classes is the answer; a length that they are brought to; numbers whose largest is the
  /// answer though they are no layer's; labels; what follows them;
  /// the result's name; layers and weights that speak of classes; the normalization that they end in; how many there are.
  ///
  /// - Parameters:
  ///   - found: The list, and what is made of it.
  ///   - output: The result.
  ///   - count: How many there are.
  /// - Returns: The kind, and the guess where nothing tells it.
  func meaning(_ found: LinkSearch.Found, of output: String, count: Int) -> Meaning {
    if let said = saidKind, said != .classes || !found.isOfLeast { return Meaning(kind: said) }
    let ending = LinkSearch(graph, makers: makers).normalization(endingIn: output)
    if ending == .length, found.link == .embedding { return Meaning(kind: .embedding) }
    if found.isChoice, let doubt = doubt(ofChoice: found) {
      return Meaning(kind: .classes, guess: doubt, remedy: found.isOfLeast ? .none : .kind)
    }
    if !labels.isEmpty || ![.none, .embedding].contains(found.link) || found.isChoice {
      return Meaning(kind: .classes)
    }
    if let kind = NumberKind(named: output) { return Meaning(kind: kind) }
    let names = names(of: found).map { ($0, NumberKind(named: $0)) }
    if names.contains(where: { $1 == .classes }) { return Meaning(kind: .classes) }
    if ending == .moments { return Meaning(kind: .embedding) }
    if Self.knownCounts.contains(count) { return Meaning(kind: .classes) }
    if count == 1 { return Meaning(kind: .values) }
    let nothing = "nothing says what its \(count) numbers are: "
    if ending == .batch {
      return Meaning(
        kind: .embedding,
        guess: nothing + "taken for an embedding, as they end in a batch norm")
    }
    // A trunk may be called features and end in classes.
    let file = path.split(separator: "/").last.map(String.init) ?? ""
    for case (let name, let kind?) in names + [(file, NumberKind(named: file))] {
      return Meaning(
        kind: kind, guess: nothing + "taken for \(kind.several), by the name '\(name)'")
    }
    return count >= 64 && count % 64 == 0
      ? Meaning(kind: .embedding, guess: nothing + "taken for an embedding, by how many they are")
      : Meaning(
        kind: .classes,
        guess: nothing
          + "taken for classes, and no probabilities made of them but where they are shares of 1")
  }

  /// Why no softmax is made of numbers that the largest or the smallest is searched in; nil where they are layers'.
  private func doubt(ofChoice found: LinkSearch.Found) -> String? {
    if found.isOfLeast {
      return
        "the smallest of its numbers is the answer, and they are listed the largest first: no probabilities made of them"
    }
    return isOfLayers(found.value, steps: 16) ? nil : Self.choiceDoubt
  }

  /// Whether a value is what layers with weights yield, scaled, shifted, added up or put one behind the other at most.
  private func isOfLayers(_ value: String, steps: Int) -> Bool {
    guard steps > 0, let node = makers[value].map({ graph.nodes[$0] }) else { return true }
    let made = node.inputs.filter { graph.constants[$0] == nil && !$0.isEmpty }
    switch graph.role(of: node) {
    case .linear, .average, .normalization, .other: return true
    case .renaming, .reshaping, .selection, .clamp:
      return isOfLayers(made.first ?? "", steps: steps - 1)
    case .elementwise where ["Neg", "QuantizeLinear", "DequantizeLinear"].contains(node.type):
      return isOfLayers(made.first ?? "", steps: steps - 1)
    case .arithmetic(.addition) where made.count > 1,
      .arithmetic(.subtraction) where made.count > 1,
      .concatenation:
      return made.prefix(4).allSatisfy { isOfLayers($0, steps: steps / 2) }
    case .arithmetic where made.count == 1: return isOfLayers(made[0], steps: steps - 1)
    default: return false
    }
  }

  private static let choiceDoubt =
    "the largest of its numbers is the answer, and they are no layer's: no probabilities made of them"

  /// What somebody says that the numbers are.
  var saidKind: NumberKind? { metadata["output.kind"].flatMap(NumberKind.init(rawValue:)) }

  /// What the file calls the layer that makes a list, and its weights.
  private func names(of found: LinkSearch.Found) -> [String] {
    let node = makers[found.value].map { graph.nodes[$0] }
    return layers.filter { $0.value == found.value }.map(\.name)
      + (node?.inputs.filter { graph.constants[$0] != nil } ?? [])
  }
}
