import Attribution
import Autodiff
import Graphs
import Tensors

/// Relevance by its definition: a graph walked backwards node by node, in double precision.
///
/// What a weighted sum adds up is written out as a matrix, every output's share of every input, found by running
/// the node on the tape at each unit vector; a rule is then the sum that its paper has. Which nodes follow which
/// rule is said here anew, by their types.
struct RelevanceDefinition {
  /// Nodes that are one weighted sum, or one node of another kind.
  private struct Step {
    var nodes: [Node]
    var output: String { nodes[nodes.count - 1].outputs[0] }
  }

  let graph: Graph
  let walk: TapeWalk
  private let target: String
  private let noise: SplitMix64?
  private var steps: [Step] = []

  /// Graphs with nodes that nothing is defined for.
  struct Undefined: Error {
    let what: String
  }

  /// - Parameters:
  ///   - graph: The graph as it was made.
  ///   - walk: Its values.
  ///   - target: The value whose relevance is shared out.
  ///   - noise: What rounding of weighted sums is imitated with; `nil` for none.
  init(_ graph: Graph, _ walk: TapeWalk, from target: String, noise: SplitMix64? = nil) {
    (self.graph, self.walk, self.target, self.noise) = (graph, walk, target, noise)
    for node in graph.needed(for: [target])
    where node.type != "Shape" && walk.values[node.outputs[0]] != nil {
      let readers = graph.nodes.flatMap(\.inputs) + graph.outputs
      let before = steps.firstIndex { step in
        Self.isMergeable(step.nodes[0], walk) && node.inputs.contains(step.output)
          && step.output != target && readers.count(where: { $0 == step.output }) == 1
          && isAffine(node, of: step.output, like: step.nodes[0])
      }
      if let before { steps[before].nodes.append(node) } else { steps.append(Step(nodes: [node])) }
    }
  }

  /// Whether arithmetic with constants behind a node is part of the same weighted sum.
  private static func isMergeable(_ node: Node, _ walk: TapeWalk) -> Bool {
    switch node.type {
    case "Conv": true
    case "Gemm", "MatMul": walk.values[node.inputs[0]]?.shape.rank == 2
    default: false
    }
  }

  private func isAffine(_ node: Node, of source: String, like sum: Node) -> Bool {
    guard let shape = walk.values[source]?.shape else { return false }
    let isBatchNorm = node.type == "BatchNormalization" && node.inputs[0] == source
    guard isBatchNorm || ["Add", "Sub", "Mul", "Div"].contains(node.type),
      let affine = TapeCall(node: node, constants: walk.constants).affine(of: source, shape)
    else { return false }
    return affine.scale.count == shape[1]
  }

  // MARK: The way back

  /// Shares relevance out, down to the input.
  ///
  /// - Parameters:
  ///   - start: The target's relevance.
  ///   - composite: Which weighted sum follows which rule.
  /// - Returns: The input's relevance.
  /// - Throws: `Undefined` at a node without a rule.
  func relevance(
    _ start: [Double], _ composite: LayerwiseRelevance.Composite
  ) throws -> [Double] {
    var relevance = [target: start]
    let rules = rules(composite)
    for (step, rule) in zip(steps, rules).reversed() {
      for (place, name) in step.nodes[step.nodes.count - 1].outputs.enumerated() {
        guard let arriving = relevance.removeValue(forKey: name) else { continue }
        for (source, part) in try shared(arriving, step, rule, output: place) {
          relevance[source] = relevance[source].map { zip($0, part).map { $0 + $1 } } ?? part
        }
      }
    }
    let input = graph.inputs[0].name
    return relevance[input] ?? [Double](repeating: 0, count: walk.values[input]?.count ?? 0)
  }

  /// The first convolution is the first in the order of the file.
  private func rules(_ composite: LayerwiseRelevance.Composite) -> [RelevanceRule] {
    var (convolutions, products) = (0, 0)
    return steps.map { step in
      switch step.nodes[0].type {
      case "Conv", "ConvTranspose":
        let isFirst = convolutions == 0 && (composite.firstLinear == nil || products == 0)
        convolutions += 1
        return (isFirst ? composite.first : nil) ?? composite.convolution
      case "Gemm", "MatMul":
        let isFirst = convolutions + products == 0
        products += 1
        return (isFirst ? composite.firstLinear : nil) ?? composite.linear
      default: return .epsilon()
      }
    }
  }

  /// What the data of a step get of one of its outputs' relevance.
  private func shared(
    _ arriving: [Double], _ step: Step, _ rule: RelevanceRule, output: Int
  ) throws -> [(String, [Double])] {
    let node = step.nodes[0]
    var seen = Set<String>()
    let data = node.inputs.filter { walk.values[$0] != nil && seen.insert($0).inserted }
    switch node.type {
    case "Conv", "ConvTranspose", "Gemm", "MatMul":
      guard data == [node.inputs[0]] else { throw Undefined(what: node.title) }
      return [(data[0], try byRule(rule, arriving, step.nodes, isWeighted: true))]
    case "AveragePool", "GlobalAveragePool", "ReduceMean", "ReduceSum":
      return [(data[0], try byRule(.epsilon(), arriving, step.nodes, isWeighted: false))]
    case "MaxPool", "GlobalMaxPool", "Pad", "Slice", "Gather", "Split", "Tile", "Expand",
      "Transpose", "DepthToSpace", "SpaceToDepth":
      return [(data[0], try moved(arriving, node, data[0], output: output))]
    case "Concat": return try split(arriving, node)
    case "Add", "Sub", "Sum": return try added(arriving, node, data)
    case "Mul", "Div": return [try passed(arriving, to: try signal(node, data), node)]
    default:
      guard data.count == 1 else { throw Undefined(what: node.title) }
      return [try passed(arriving, to: data[0], node)]
    }
  }

  private func value(_ name: String) throws -> Tensor {
    guard let value = walk.values[name] else { throw Undefined(what: name) }
    return value
  }

  private func passed(
    _ arriving: [Double], to name: String, _ node: Node
  ) throws -> (String, [Double]) {
    guard try value(name).count == arriving.count else { throw Undefined(what: node.title) }
    return (name, arriving)
  }

  /// Of a product with a sigmoid, what it gates; of one with a constant, what varies.
  private func signal(_ node: Node, _ data: [String]) throws -> String {
    if data.count == 1, node.type == "Mul" || data[0] == node.inputs[0] { return data[0] }
    let gates = data.filter { name in
      graph.nodes.contains {
        $0.outputs.contains(name) && ["Sigmoid", "HardSigmoid"].contains($0.type)
      }
    }
    guard node.type == "Mul", gates.count == 1, let signal = data.first(where: { $0 != gates[0] })
    else { throw Undefined(what: node.title) }
    return signal
  }

  /// Every number goes back to where it came from.
  private func moved(
    _ arriving: [Double], _ node: Node, _ source: String, output: Int
  ) throws -> [Double] {
    guard let run = Operator.table[node.type]?.run else { throw Undefined(what: node.title) }
    let call = TapeCall(node: node, constants: walk.constants).with(output: output)
    let (y, pullback) = try valueWithPullback(at: [try value(source)]) { try run(call.with($0)) }
    return pullback(Tensor(y.shape, arriving.map { Float($0) }))[0].scalars.map { Double($0) }
  }

  private func split(_ arriving: [Double], _ node: Node) throws -> [(String, [Double])] {
    let whole = Tensor(try value(node.outputs[0]).shape, arriving.map { Float($0) })
    let axis = node.int("axis", default: 1)
    let place = axis < 0 ? axis + whole.shape.rank : axis
    var first = 0
    return try node.inputs.map { name in
      let extent = try value(name).shape[place]
      defer { first += extent }
      let part = whole.gathered(Array(first..<first + extent), alongAxis: place)
      return (name, part.scalars.map { Double($0) })
    }
  }

  /// In proportion to the summands.
  private func added(
    _ arriving: [Double], _ node: Node, _ data: [String]
  ) throws -> [(String, [Double])] {
    if data.count == 1, node.inputs.count(where: { $0 == data[0] }) == 1 {
      return [try passed(arriving, to: data[0], node)]
    }
    let sum = try value(node.outputs[0])
    let quotient = zip(arriving, sum.scalars).map { $0 / Self.stabilized(Double($1)) }
    return try data.map { name in
      let x = try value(name)
      let signs = node.inputs.enumerated().filter { $0.element == name }
        .map { node.type == "Sub" && $0.offset == 1 ? -1.0 : 1 }
      let times = signs.reduce(0, +)
      let places = Self.places(of: x.shape, in: sum.shape)
      var part = [Double](repeating: 0, count: x.count)
      for (i, place) in places.enumerated() { part[place] += quotient[i] }
      return (name, part.indices.map { part[$0] * Double(x.scalars[$0]) * times })
    }
  }

  /// Where each number of a larger shape comes from in a shape that stretches to it.
  private static func places(of shape: Shape, in whole: Shape) -> [Int] {
    let numbers = Tensor(shape, (0..<shape.count).map { Float($0) })
    return numbers.broadcast(to: whole).scalars.map { Int($0) }
  }

  /// What the epsilon rule leaves of the gradient with respect to every sum, `|z| / (|z| + ε)`: relevance is a value
  /// times its gradient, and a sum that divides by `z ± ε` hands on that share of it.
  ///
  /// - Returns: By the names of the sums.
  func shares(epsilon: Float = 1e-6) -> [String: Tensor] {
    var shares: [String: Tensor] = [:]
    for step in steps where isSum(step.nodes[0]) {
      shares[step.output] = walk.values[step.output]?.map { abs($0) / (abs($0) + epsilon) }
    }
    return shares
  }

  /// Whether a node adds up numbers that depend on the input.
  private func isSum(_ node: Node) -> Bool {
    switch node.type {
    case "Conv", "ConvTranspose", "Gemm", "MatMul", "AveragePool", "GlobalAveragePool",
      "ReduceMean", "ReduceSum":
      true
    case "Add", "Sub", "Sum": node.inputs.count { walk.values[$0] != nil } > 1
    default: false
    }
  }

  static func stabilized(_ x: Double, by epsilon: Double = 1e-6) -> Double {
    x < 0 ? x - epsilon : x + epsilon
  }

  // MARK: Weighted sums

  private func byRule(
    _ rule: RelevanceRule, _ arriving: [Double], _ nodes: [Node], isWeighted: Bool
  ) throws -> [Double] {
    let (x, z) = (try value(nodes[0].inputs[0]), try value(nodes[nodes.count - 1].outputs[0]))
    let sum = try WeightedSum(
      nodes, of: x.shape, walk.constants, onesInPlace: isWeighted && rule == .flat,
      noise: noise)
    let (n, m) = (x.count / x.shape[0], z.count / z.shape[0])
    return (0..<x.shape[0]).flatMap { picture in
      sum.shared(
        Array(arriving[picture * m..<(picture + 1) * m]), by: rule,
        at: x.scalars[picture * n..<(picture + 1) * n].map { Double($0) })
    }
  }
}
