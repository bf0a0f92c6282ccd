import Networks
import Tensors

/// One node on the way down.
struct RelevanceCall {
  let node: Node
  /// The inputs that depend on the network's input.
  let data: [String]
  let output: String
  let graph: Graph
  /// The values that `RelevanceStep.reads` names.
  let activations: [String: Tensor]
  /// The shapes of all values.
  let shapes: [String: Shape]
  let threads: Int
  let functions: NodeFunctions

  /// What becomes of an output's relevance.
  ///
  /// - Returns: Relevance for some of the node's inputs, of their shapes.
  func run(_ step: RelevanceStep, _ relevance: Tensor) throws -> [(name: String, part: Tensor)] {
    switch step {
    case .pass(let name):
      let shape = try shape(of: name)
      guard shape.count == relevance.count else {
        throw AttributionError.noRelevanceRule([node.title])
      }
      return [(name, relevance.reshaped(shape))]
    case .gradient:
      let x = try activation(data[0])
      let function = try function(x)
      _ = try function(x)
      return [(data[0], try function.pullback(relevance))]
    case .rule(let rule, let weights, let bias):
      return [(data[0], try share(relevance, rule, weights: weights, bias: bias))]
    case .sum: return try shareSum(relevance)
    case .split(let axis): return try split(relevance, axis)
    }
  }

  private func activation(_ name: String) throws -> Tensor {
    guard let tensor = activations[name] else { throw NetworkError.missingValue(name) }
    return tensor
  }

  private func shape(of name: String) throws -> Shape {
    guard let shape = shapes[name] else { throw NetworkError.missingValue(name) }
    return shape
  }

  private func function(
    _ x: Tensor, changed change: String = "",
    replacing constants: () -> [String: Constant] = { [:] }
  ) throws -> NodeFunction {
    try functions.function(.init(output: output, change: change)) {
      try NodeFunction(
        node, of: data[0], to: output, in: graph, shape: x.shape, replacing: constants(),
        threads: threads)
    }
  }

  /// Relevance in proportion to the summands.
  private func shareSum(_ relevance: Tensor) throws -> [(name: String, part: Tensor)] {
    let quotient = relevance / (try activation(output)).stabilized(1e-6)
    let isDifference = graph.role(of: node) == .arithmetic(.subtraction)
    return try data.map { name in
      let x = try activation(name)
      // A value may come more than once, and with a minus.
      let times = node.inputs.enumerated().reduce(Float(0)) { times, input in
        guard input.element == name else { return times }
        return times + (isDifference && input.offset == 1 ? -1 : 1)
      }
      return (name, x * quotient.summed(to: x.shape) * times)
    }
  }

  /// Each input's part, as often as it is named; that of constants is lost, as a bias' is.
  private func split(_ relevance: Tensor, _ axis: Int) throws -> [(name: String, part: Tensor)] {
    let axis = axis < 0 ? axis + relevance.shape.rank : axis
    var first = 0
    return try node.inputs.compactMap { name in
      let extent = try (graph.constants[name]?.tensor.shape ?? shape(of: name))[axis]
      defer { first += extent }
      guard data.contains(name) else { return nil }
      return (name, relevance.gathered(Array(first..<first + extent), alongAxis: axis))
    }
  }

  // MARK: Weighted sums

  private func share(
    _ relevance: Tensor, _ rule: RelevanceRule, weights: String?, bias: String?
  ) throws -> Tensor {
    let x = try activation(data[0])
    var result = Tensor(x.shape)
    for (place, share) in rule.shares.enumerated() where share.factor != 0 {
      var arriving = relevance * share.factor
      if let sign = share.outputSign {
        arriving = arriving * (try activation(output)).map { $0 * sign > 0 ? 1 : 0 }
      }
      var parts: [(input: Tensor, function: NodeFunction)] = []
      var sum = Tensor(relevance.shape)
      for (index, part) in share.parts.enumerated() {
        let input = part.input(x)
        // After a rectifier nothing is negative: such parts cost nothing.
        if !part.keepsBias, input.norm == 0 { continue }
        let function = try function(x, changed: "\(place).\(index)") {
          changed(part, weights, bias)
        }
        sum += try function(input)
        parts.append((input, function))
      }
      let quotient = arriving / sum.stabilized(share.epsilon)
      for (input, function) in parts {
        result += try input * function.pullback(quotient)
      }
    }
    return result
  }

  private func changed(
    _ part: RelevanceRule.Part, _ weights: String?, _ bias: String?
  ) -> [String: Constant] {
    guard let weight = part.weight else { return [:] }
    var constants: [String: Constant] = [:]
    if let weights, let tensor = graph.constants[weights]?.tensor {
      constants[weights] = Constant(tensor.map(weight))
    }
    if let bias, let tensor = graph.constants[bias]?.tensor {
      constants[bias] = Constant(tensor.map { part.keepsBias ? weight($0) : 0 })
    }
    return constants
  }
}
