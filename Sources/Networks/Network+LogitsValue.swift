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
    /// The numbers are probabilities as they are, and what made them so is no softmax or sigmoid of numbers
    /// before: a hard sigmoid, `p` beside `1 − p`.
    case own
    /// A softmax over something else than the classes, such as the batch, or one times a number: what is before it
    /// are a class's numbers, but what the file makes of them is no probability.
    case other
    /// A list of numbers that are no classes': an embedding, as it ends in a normalization, or goes by such a name.
    case embedding
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
  func logitsAndLink(output: Int) -> LinkSearch.Found {
    let name = graph.outputs[output]
    let search = LinkSearch(graph, makers: makers)
    return search.search(name)
      ?? LinkSearch.Found(
        name, isEmbedding(name, search) ? .embedding : search.isProbability(name) ? .own : .none)
  }

  /// Whether a result is an embedding, or several: numbers that are brought to length 1; where nobody names classes,
  /// also those that another normalization makes, or that the file calls an embedding.
  func isEmbedding(_ output: String) -> Bool {
    isEmbedding(output, LinkSearch(graph, makers: makers))
  }

  private func isEmbedding(_ output: String, _ search: LinkSearch) -> Bool {
    switch search.normalization(endingIn: output) {
    case .length?: true
    case .moments?, .batch?: labels.isEmpty
    case nil: labels.isEmpty && NumberKind(named: output) == .embedding
    }
  }
}

/// The way back from an output to its logits.
struct LinkSearch {
  let graph: Graph
  /// The place of the node that makes each value.
  private let makers: [String: Int]

  /// Logits, and what is made of them.
  struct Found {
    var value: String
    var link: Network.Link
    /// Whether they are what the largest is searched in.
    var isChoice = false
    /// Whether it is the smallest that is searched.
    var isOfLeast = false
    /// The node that says over which axes a softmax is taken: itself, or the sum of one that is written out.
    var sharer: Node?
    /// What the softmax is made of: the logits, perhaps with axes of one place.
    let source: String

    init(_ value: String, _ link: Network.Link, over sharer: Node? = nil) {
      (self.value, self.link, self.sharer) = (value, link, sharer)
      source = value
    }
  }

  init(_ graph: Graph, makers: [String: Int]) {
    (self.graph, self.makers) = (graph, makers)
  }

  /// The node that makes a value.
  func producer(of value: String) -> Node? { makers[value].map { graph.nodes[$0] } }

  /// A value behind which the first node stands that is not gone past; each is gone back through by its first input.
  func origin(of value: String, past isPassed: (Node) -> Bool) -> String {
    var value = value
    while let node = producer(of: value), isPassed(node), let input = node.input(0) {
      value = input
    }
    return value
  }

  /// The first node behind a value that is not gone past; nil where an input or a constant stands there.
  func end(of value: String, past isPassed: (Node) -> Bool) -> Node? {
    producer(of: origin(of: value, past: isPassed))
  }

  /// A value before what keeps all its numbers.
  func renamed(_ value: String) -> String { origin(of: value) { graph.role(of: $0).keepsNumbers } }

  /// The logits behind a value; nil where it is no probability, nor a choice among classes.
  func search(_ value: String) -> Found? {
    var value = value
    var factor: Float = 1
    // The place of the largest has no gradient: what it is searched in is meant in any case.
    var searched: Found?
    while let node = producer(of: value), let input = node.input(0) {
      if var found = linked(node, input) {
        if factor != 1, factor != 100 {
          // A sigmoid times a number is a regression's range.
          guard found.link != .sigmoid else { break }
          found.link = .other
        }
        found.value = squeezed(found.value)
        return found
      }
      let role = graph.role(of: node)
      if role == .index || node.type == "TopK" {
        searched = Found(input, .none)
        searched?.isChoice = true
        searched?.isOfLeast =
          node.type == "ArgMin" || node.type == "TopK" && node.int("largest", default: 1) == 0
      }
      if let (next, times) = scaled(node) {
        (value, factor) = (next, factor * times)
        continue
      }
      guard let next = beneath(node, role, input) else { break }
      value = next
    }
    return searched
  }

  /// What a node makes probabilities of, or a choice of the largest.
  private func linked(_ node: Node, _ input: String) -> Found? {
    if node.type == "Sigmoid" { return Found(input, .sigmoid) }
    if let logits = writtenSigmoid(node) ?? logarithmOfSigmoid(node) {
      return Found(logits, .sigmoid)
    }
    if let found = writtenSoftmax(node) ?? writtenLogSoftmax(node) { return found }
    guard graph.role(of: node) == .softmax else { return nil }
    // 1 at the largest alone: a choice, as of ArgMax.
    return Found(input, node.type == "Hardmax" ? .none : .softmax, over: node)
  }

  /// What a node multiplies by a positive number, and the number: percent are 100.
  private func scaled(_ node: Node) -> (value: String, factor: Float)? {
    guard ["Mul", "Div"].contains(node.type), node.inputs.count == 2 else { return nil }
    for (place, other) in [(1, 0), (0, 1)] where node.type == "Mul" || place == 1 {
      if let tensor = node.input(place).flatMap({ graph.constants[$0]?.tensor }), tensor.count == 1,
        tensor.scalars[0] > 0, tensor.scalars[0].isFinite, let value = node.input(other)
      {
        return (value, node.type == "Mul" ? tensor.scalars[0] : 1 / tensor.scalars[0])
      }
    }
    return nil
  }

  /// A value before axes of one place were put into it.
  private func squeezed(_ value: String) -> String {
    origin(of: value) { $0.type == "Unsqueeze" }
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

  /// What `1 / (1 + exp(−x))` or `exp(x) / (1 + exp(x))` is made of.
  func writtenSigmoid(_ node: Node) -> String? {
    if node.type == "Div", let power = node.input(0), let exponential = producer(power, "Exp"),
      let sum = producer(node.input(1), "Add"), other(than: 1, sum) == power
    {
      return exponential.input(0)
    }
    let denominator: String?
    switch node.type {
    case "Reciprocal": denominator = node.input(0)
    case "Div" where isNumber(node.input(0), 1): denominator = node.input(1)
    default: return nil
    }
    guard let sum = producer(denominator, "Add"), let power = other(than: 1, sum),
      let exponential = producer(power, "Exp")
    else { return nil }
    return negated(exponential.input(0))
  }

  /// What `−log(1 + exp(−x))` is made of.
  private func logarithmOfSigmoid(_ node: Node) -> String? {
    node.outputs.first.flatMap(negated).flatMap { producer($0, "Softplus") }
      .flatMap { negated($0.input(0)) }
  }

  /// What a value is the negative of.
  private func negated(_ value: String?) -> String? {
    guard let node = value.flatMap(producer) else { return nil }
    switch node.type {
    case "Neg": return node.input(0)
    case "Mul": return other(than: -1, node)
    case "Sub" where isNumber(node.input(0), 0): return node.input(1)
    default: return nil
    }
  }

  /// What `exp(x) / Σ exp(x)` is made of, with or without the largest taken off; the sum and the largest may be stretched
  /// by nodes of their own, as JAX writes it.
  func writtenSoftmax(_ node: Node) -> Found? {
    guard node.type == "Div", let exponential = producer(node.input(0), "Exp"),
      let sum = producer(unstretched(node.input(1)), "ReduceSum"), sum.input(0) == node.input(0),
      let exponent = exponential.input(0)
    else { return nil }
    guard let difference = producer(exponent, "Sub"),
      let largest = producer(unstretched(difference.input(1)), "ReduceMax"),
      largest.input(0) == difference.input(0), let logits = difference.input(0)
    else { return Found(exponent, .softmax, over: sum) }
    return Found(logits, .softmax, over: sum)
  }

  /// What `x − log Σ exp(x)` is made of, with or without the largest taken off.
  private func writtenLogSoftmax(_ node: Node) -> Found? {
    guard node.type == "Sub", let exponent = node.input(0), let total = node.input(1) else {
      return nil
    }
    let written = producer(total, "Log").flatMap { producer($0.input(0), "ReduceSum") }
    let summed =
      written.flatMap { producer($0.input(0), "Exp") } ?? producer(total, "ReduceLogSumExp")
    guard summed?.input(0) == exponent, let sum = written ?? summed else { return nil }
    guard let difference = producer(exponent, "Sub"),
      let largest = producer(difference.input(1), "ReduceMax"),
      largest.input(0) == difference.input(0), let logits = difference.input(0)
    else { return Found(exponent, .softmax, over: sum) }
    return Found(logits, .softmax, over: sum)
  }

  /// A value before it was stretched, or held above the least of all numbers, which changes none.
  private func unstretched(_ value: String?) -> String? {
    value.map { value in
      origin(of: value) { node in
        if case .clamp(let clamp) = graph.role(of: node) {
          return clamp.lower <= -.greatestFiniteMagnitude
            && clamp.upper >= .greatestFiniteMagnitude
        }
        return ["Reshape", "Expand", "Unsqueeze", "Squeeze", "Identity"].contains(node.type)
      }
    }
  }

  private func producer(_ value: String?, _ type: String) -> Node? {
    value.flatMap(producer).flatMap { $0.type == type ? $0 : nil }
  }

  private func isNumber(_ value: String?, _ number: Float) -> Bool {
    guard let constant = value.flatMap({ graph.constants[$0] }) else { return false }
    return constant.count == 1 && constant.tensor.scalars[0] == number
  }

  /// The other summand than a number.
  private func other(than number: Float, _ sum: Node) -> String? {
    if isNumber(sum.input(0), number) { return sum.input(1) }
    return isNumber(sum.input(1), number) ? sum.input(0) : nil
  }
}
