import Blocks
import Graphs
import Tensors

extension Network {
  /// What a network makes of its logits to get probabilities.
  public enum Link: String, Sendable, Hashable {
    /// Each class among all.
    case softmax
    /// Each class by itself: binary and multi-label classifiers.
    case sigmoid
    /// Nothing that the file says: logits of a classifier, or the numbers of a regression.
    case none
  }

  /// The value that holds an output's logits: what the final softmax or sigmoid is applied to, if there is
  /// one, or what the largest is searched in.
  ///
  /// The gradient of a probability mixes a class with all its rivals and vanishes where the network is
  /// sure, so what is explained and maximized is the logit. Softmax and sigmoid are found in one node or
  /// written out, behind a clip to 0…1, a logarithm, ArgMax, TopK or a maximum.
  ///
  /// - Parameter output: The output's place in the graph.
  /// - Returns: The name of a value in the graph; the output itself where nothing of the kind ends in it.
  public func logitsValue(output: Int = 0) -> String {
    logitsAndLink(output: output).value
  }

  /// The value that holds an output's logits, and what the network makes of it.
  func logitsAndLink(output: Int) -> (value: String, link: Link) {
    let name = graph.outputs[output]
    return LinkSearch(graph).search(name) ?? (name, .none)
  }
}

/// The way back from an output to its logits.
private struct LinkSearch {
  private let graph: Graph
  private let producers: [String: Node]

  init(_ graph: Graph) {
    self.graph = graph
    producers = Dictionary(
      graph.nodes.flatMap { node in node.outputs.map { ($0, node) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The logits behind a value; nil where it is no probability, nor a choice among classes.
  func search(_ value: String) -> (value: String, link: Network.Link)? {
    var value = value
    // The place of the largest has no gradient: what it is searched in is meant in any case.
    var searched: (value: String, link: Network.Link)?
    while let node = producers[value], let input = node.input(0) {
      if node.type == "Sigmoid" { return (input, .sigmoid) }
      if let logits = writtenSigmoid(node) { return (logits, .sigmoid) }
      if let logits = writtenSoftmax(node) { return (logits, .softmax) }
      let role = graph.role(of: node)
      if role == .softmax { return (input, .softmax) }
      if role == .index || node.type == "TopK" { searched = (input, .none) }
      guard let next = beneath(node, role, input) else { break }
      value = next
    }
    return searched
  }

  /// The value whose probabilities a node passes on, or chooses among; nil where it does not.
  private func beneath(_ node: Node, _ role: Role, _ input: String) -> String? {
    switch role {
    case .index, .renaming, .reshaping, .step: input
    case .selection where node.type == "TopK" || Operator.table[node.type]?.choosesByValue == true:
      input
    // A label that stands at a place in a list.
    case .selection where graph.constants[input] != nil: node.input(1)
    case .clamp(let clamp) where clamp.lower >= 0 && clamp.upper <= 1: input
    case _ where node.type == "Log": input
    default: nil
    }
  }

  /// What `1 / (1 + exp(−x))` is made of.
  private func writtenSigmoid(_ node: Node) -> String? {
    let denominator: String?
    switch node.type {
    case "Reciprocal": denominator = node.input(0)
    case "Div" where isNumber(node.input(0), 1): denominator = node.input(1)
    default: return nil
    }
    guard let sum = producer(denominator, "Add"), let power = other(than: 1, sum),
      let exponential = producer(power, "Exp"), let negated = producer(exponential.input(0), "Neg")
    else { return nil }
    return negated.input(0)
  }

  /// What `exp(x) / Σ exp(x)` is made of, with or without the largest taken off.
  private func writtenSoftmax(_ node: Node) -> String? {
    guard node.type == "Div", let exponential = producer(node.input(0), "Exp"),
      let sum = producer(node.input(1), "ReduceSum"), sum.input(0) == node.input(0),
      let exponent = exponential.input(0)
    else { return nil }
    guard let difference = producer(exponent, "Sub"),
      let largest = producer(difference.input(1), "ReduceMax"),
      largest.input(0) == difference.input(0)
    else { return exponent }
    return difference.input(0)
  }

  private func producer(_ value: String?, _ type: String) -> Node? {
    value.flatMap { producers[$0] }.flatMap { $0.type == type ? $0 : nil }
  }

  private func isNumber(_ value: String?, _ number: Float) -> Bool {
    guard let tensor = value.flatMap({ graph.constants[$0]?.tensor }) else { return false }
    return tensor.count == 1 && tensor.scalars[0] == number
  }

  /// The other summand than a number.
  private func other(than number: Float, _ sum: Node) -> String? {
    if isNumber(sum.input(0), number) { return sum.input(1) }
    return isNumber(sum.input(1), number) ? sum.input(0) : nil
  }
}
