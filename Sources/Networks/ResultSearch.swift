import Graphs
import Tensors

/// What a network's results are to each other, by what makes them.
struct ResultSearch {
  private let network: Network
  private let links: LinkSearch
  private var graph: Graph { network.graph }

  init(_ network: Network) {
    self.network = network
    links = LinkSearch(network.graph, makers: network.makers)
  }

  // MARK: States

  /// Whether a result is a state that the network is fed with again, by what makes it or by its name.
  func isState(_ output: String) -> Bool {
    namesState(output) || isLastState(output)
  }

  /// Whether a recurrent layer ends in a value, or several do whose ends are put together.
  private func isLastState(_ value: String, depth: Int = 0) -> Bool {
    let origin = links.origin(of: value) { node in
      let role = graph.role(of: node)
      return role.keepsNumbers || role == .selection || node.type == "Transpose"
        || role.isElementwise && node.inputs.dropFirst().allSatisfy { graph.constants[$0] != nil }
    }
    guard let node = links.producer(of: origin) else { return false }
    if graph.role(of: node) == .concatenation {
      // Those of all layers and directions; nobody puts them together more often.
      return depth < 2 && node.inputs.count <= 64
        && node.inputs.allSatisfy { isLastState($0, depth: depth + 1) }
    }
    return Self.recurrent.contains(node.type) && node.outputs.first != origin
      && !origin.isEmpty
  }

  private static let recurrent: Set = ["RNN", "GRU", "LSTM", "com.microsoft.DynamicQuantizeLSTM"]

  /// Whether a result is called a state: `hn`, `h_n`, `stateN`, `present.0.key`, `new_cache`.
  ///
  /// What is called so in other words, as that of an eye may be, is one only where an input is called so too; the last
  /// hidden state of transformers is none.
  private func namesState(_ name: String) -> Bool {
    let words = Self.words(of: name)
    if words.contains("hidden") { return false }
    if !words.isDisjoint(with: Self.states) || name.lowercased().hasPrefix("present.") {
      return true
    }
    let inputs = graph.inputs.map(\.name) + network.given.keys
    if words.count == 2, !words.isDisjoint(with: ["h", "c"]) {
      if words.contains("n") { return true }
      return !words.isDisjoint(with: ["out", "new", "next"])
        && inputs.contains { !Self.words(of: $0).isDisjoint(with: ["h", "c", "hx", "cx"]) }
    }
    return !words.isDisjoint(with: ["state", "states"])
      && inputs.contains { !Self.words(of: $0).isDisjoint(with: ["state", "states"]) }
  }

  private static let states: Set = ["hn", "cn", "hx", "cx", "staten", "cache", "caches", "mems"]

  private static func words(of name: String) -> Set<String> {
    Set(name.lowercased().split { !$0.isLetter }.map(String.init))
  }

  // MARK: Ways

  /// Whether a result is passed on the way to another: the other is made of it, by layers with weights.
  func isPassed(output: Int, onTheWayTo other: Int) -> Bool {
    let found = network.logitsAndLink(output: output)
    // What is a probability, or is called classes, is none of features.
    guard found.link == .none, !found.isChoice,
      NumberKind(named: graph.outputs[output]) != .classes
    else { return false }
    func arranged(_ value: String) -> String {
      links.origin(of: value) { graph.role(of: $0).keepsNumbers || $0.type == "Transpose" }
    }
    let (passed, end) = (
      arranged(found.value), arranged(network.logitsAndLink(output: other).value)
    )
    // What is made of it, and whether weights had a part in that.
    var made = [passed: false]
    for node in graph.needed(for: [end]) {
      let before = node.inputs.compactMap { made[$0] }
      guard !before.isEmpty else { continue }
      let hasWeights = node.type == "Gemm" || node.type == "MatMul" || node.type == "Conv"
      for name in node.outputs { made[name] = hasWeights || before.contains(true) }
    }
    return passed != end && made[end] == true
  }

  // MARK: Pictures

  /// Whether a result is a list of as many numbers as the picture has, or is called what is made of it again: what an
  /// autoencoder ends in beside its code.
  func isPictureAgain(output: Int) -> Bool {
    let name = graph.outputs[output].lowercased()
    if ["recon", "decoded"].contains(where: name.contains) { return true }
    let extents = network.input.dimensions.dropFirst().compactMap(\.self)
    guard extents.count == network.input.dimensions.count - 1, let length = length(output: output)
    else { return false }
    return length >= 64
      && length == extents.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
  }

  // MARK: Lengths

  /// How many numbers a list has by the weights or the bias that make it; nil where they do not say.
  func length(output: Int) -> Int? {
    var value = network.logitsAndLink(output: output).value
    for _ in 0..<8 {
      guard let node = links.producer(of: value) else { return nil }
      let shapes = node.inputs.map { graph.constants[$0]?.shape }
      switch node.type {
      case "Gemm":
        guard let weights = shapes[checked: 1] ?? nil, weights.rank == 2 else { return nil }
        return weights[node.int("transB", default: 0) != 0 ? 0 : 1]
      case "MatMul":
        guard let weights = shapes[checked: 1] ?? nil, weights.rank == 2 else { return nil }
        return weights[1]
      case "Add":
        if let bias = shapes.compactMap(\.self).first, bias.rank == 1, bias.count > 1 {
          return bias.count
        }
      case "Conv": return (shapes[checked: 1] ?? nil)?.dimensions.first
      case "BatchNormalization", "Flatten", "Squeeze", "Reshape", "Identity", "Cast",
        "GlobalAveragePool":
        break
      default: return nil
      }
      guard let next = node.inputs.first(where: { graph.constants[$0] == nil }) else { return nil }
      value = next
    }
    return nil
  }
}
