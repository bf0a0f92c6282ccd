import Networks

/// What becomes of a node's relevance.
enum RelevanceStep {
  /// A rule shares it out to the first input, with the weights in the second and the bias in the third.
  case rule(RelevanceRule, weights: String?, bias: String?)
  /// It passes to an input as it is, under the shape of that.
  case pass(to: String)
  /// It goes where the gradient goes.
  case gradient
  /// A sum's inputs get it in proportion to what they add.
  case sum
  /// A concatenation's inputs get their parts.
  case split(axis: Int)
}

extension RelevanceStep {
  /// The values that the step reads, of which the others' shapes are enough.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - data: The node's inputs that depend on the network's input.
  /// - Returns: Their names.
  func reads(_ node: Node, data: [String]) -> [String] {
    switch self {
    case .pass, .split: []
    case .gradient: [data[0]]
    case .rule(let rule, _, _):
      [data[0]] + (rule.shares.contains { $0.outputSign != nil } ? [node.outputs[0]] : [])
    case .sum: data + [node.outputs[0]]
    }
  }

  /// The step for a node; `nil` where there is no rule.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - data: The node's inputs that depend on the network's input.
  ///   - graph: The graph.
  ///   - composite: The rules.
  ///   - before: What weighted sums come before the node.
  init?(
    _ node: Node, data: [String], in graph: Graph, _ composite: LayerwiseRelevance.Composite,
    after before: Set<Role.Weights>
  ) {
    let role = graph.role(of: node)
    switch role {
    case .linear(let weights):
      guard data == [node.inputs[0]], graph.constants[node.inputs[1]] != nil else { return nil }
      self = .rule(
        composite.rule(of: weights, after: before), weights: node.inputs[1], bias: node.input(2))
    case .average:
      guard data == [node.inputs[0]] else { return nil }
      self = .rule(.epsilon(), weights: nil, bias: nil)
    case .selection:
      guard data == [node.inputs[0]] else { return nil }
      self = .gradient
    case .arithmetic(.addition), .arithmetic(.subtraction):
      let isAlone = data.count == 1 && node.inputs.count { $0 == data[0] } == 1
      self = isAlone ? .pass(to: data[0]) : .sum
    case .arithmetic:
      guard let signal = Self.signal(role, node, data, graph) else { return nil }
      self = .pass(to: signal)
    case .concatenation: self = .split(axis: node.int("axis", default: 1))
    case .elementwise, .gate, .clamp, .renaming, .reshaping, .normalization, .softmax:
      guard data == [node.inputs[0]] else { return nil }
      self = .pass(to: data[0])
    case .step, .combination, .reduction, .index, .constant, .other: return nil
    }
  }

  /// The input of a product that the gate or the constant beside it only scales.
  private static func signal(
    _ role: Role, _ node: Node, _ data: [String], _ graph: Graph
  ) -> String? {
    let isProduct = role == .arithmetic(.multiplication)
    if data.count == 1 { return isProduct || data[0] == node.inputs[0] ? data[0] : nil }
    guard isProduct, data.count == 2 else { return nil }
    let gates = data.filter { isGate($0, graph) }
    return gates.count == 1 ? data.first { $0 != gates[0] } : nil
  }

  /// Whether a value is a sigmoid, or the `clip(x + 3, 0, 6) / 6` that stands for one.
  private static func isGate(_ value: String, _ graph: Graph) -> Bool {
    guard let node = graph.producer(of: value) else { return false }
    switch graph.role(of: node) {
    case .gate: return true
    case .arithmetic(.division), .arithmetic(.multiplication):
      return node.inputs.contains {
        graph.producer(of: $0).map { graph.role(of: $0).isBounded } ?? false
      }
        && node.inputs.contains { graph.constants[$0] != nil }
    default: return false
    }
  }
}

extension Graph {
  /// The node that makes a value.
  fileprivate func producer(of value: String) -> Node? {
    nodes.first { $0.outputs.contains(value) }
  }
}

extension LayerwiseRelevance.Composite {
  /// The rule of a weighted sum.
  ///
  /// - Parameters:
  ///   - weights: How it sums.
  ///   - before: What weighted sums come before it.
  /// - Returns: The rule.
  fileprivate func rule(
    of weights: Role.Weights, after before: Set<Role.Weights>
  ) -> RelevanceRule {
    if weights == .matrixProduct { return (before.isEmpty ? firstLinear : nil) ?? linear }
    let others = firstLinear == nil ? before.subtracting([.matrixProduct]) : before
    return (others.isEmpty ? first : nil) ?? convolution
  }
}
