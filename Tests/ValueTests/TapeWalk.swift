import Autodiff
import Graphs
import Tensors

/// A graph walked node by node, every operator run by itself on whole tensors.
///
/// Nothing is lowered, fused, narrowed or recognized here, and what rectifiers let through is written out by
/// its definition: it shares with a plan the operators on the tape, and nothing else.
struct TapeWalk {
  /// What one node made of what reached it.
  private struct Step {
    let node: Node
    /// The inputs that depend on the graph's input.
    let sources: [String]
    let output: String
    let value: Tensor
    let pullback: (Tensor) -> [Tensor]
  }

  /// Every value that depends on the input.
  private(set) var values: [String: Tensor]
  private var steps: [Step] = []
  /// The graph's constants, and what follows from shapes.
  private(set) var constants: [String: Constant]

  /// Runs a graph.
  ///
  /// - Parameters:
  ///   - graph: The graph as it was made.
  ///   - input: The value of its first input, as the graph has it.
  ///   - noise: What rounding is imitated with: some 1e-6 of each tensor's size, added to all numbers but 0
  ///     that an operator computes; nil for none.
  ///   - noiseSign: 1 or −1. Two numbers that are nearly equal change places under the one or the other.
  /// - Throws: What the operators throw.
  init(
    _ graph: Graph, at input: Tensor, noise: SplitMix64? = nil, noiseSign: Float = 1
  ) throws {
    values = [graph.inputs[0].name: input]
    constants = graph.constants
    var noise = noise
    for node in graph.nodes {
      guard let run = Operator.table[node.type]?.run else {
        throw NetworkError.unsupported([node.title])
      }
      if node.type == "Shape", let shape = values[node.inputs[0]]?.shape {
        constants[node.outputs[0]] = Constant(
          Tensor([shape.rank], shape.dimensions.map(Float.init)), isInteger: true)
        continue
      }
      let call = TapeCall(node: node, constants: constants)
      if call.variableNames.isEmpty {
        constants[node.outputs[0]] = Constant(
          try run(call.with([])).value,
          isInteger: node.inputs.allSatisfy { constants[$0]?.isInteger ?? true })
        continue
      }
      for (output, name) in node.outputs.enumerated() {
        var inputs = try call.variableNames.map { name in
          guard let value = values[name] else { throw NetworkError.missingValue(name) }
          return value
        }
        // Of equal numbers, either may be the largest.
        if noise != nil, Self.choosing.contains(node.type) {
          for i in inputs.indices { inputs[i].addNoise(&noise, noiseSign, toZeros: true) }
        }
        var (value, pullback) = try valueWithPullback(at: inputs) {
          try run(call.with(output: output).with($0))
        }
        if noise != nil, !Self.exact.contains(node.type) { value.addNoise(&noise, noiseSign) }
        steps.append(
          Step(
            node: node, sources: call.variableNames, output: name, value: value, pullback: pullback)
        )
        values[name] = value
      }
    }
  }

  /// Operators that choose or move numbers, and so round nothing.
  private static let exact: Set<String> = rearranging.subtracting(["Resize"]).union([
    "Relu", "Clip", "Max", "Min", "MaxPool", "GlobalMaxPool", "ReduceMax", "ReduceMin", "Abs",
    "Neg", "Identity", "Dropout", "Where",
  ])

  /// Operators that choose by the numbers themselves.
  private static let choosing: Set<String> = [
    "Max", "Min", "MaxPool", "GlobalMaxPool", "ReduceMax", "ReduceMin",
  ]

  /// Operators whose results are their inputs' numbers, moved or chosen by their places.
  private static let rearranging: Set<String> = [
    "Identity", "Dropout", "Concat", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze",
    "Slice", "Gather", "Split", "DepthToSpace", "SpaceToDepth", "Expand", "Tile", "Pad", "Resize",
  ]

  // MARK: The way back

  /// How rectifiers let a gradient through.
  enum Rule: CaseIterable {
    case standard, guided, deconvolution, redirected
  }

  /// Gradients with respect to every value.
  ///
  /// - Parameters:
  ///   - seeds: Gradients with respect to what is read, by the values' names.
  ///   - rule: How rectifiers let them through.
  ///   - shares: What of the gradient with respect to a value goes on from there, by the values' names.
  ///   - signs: Where it is given, what is found is how large the terms are that gradients are sums of: each
  ///     goes on with signs of its own and is added as it is without, so that nothing cancels.
  /// - Returns: A gradient by each value's name; none where nothing comes back.
  func gradients(
    _ seeds: [String: Tensor], _ rule: Rule = .standard, shares: [String: Tensor] = [:],
    signs: SplitMix64? = nil
  ) -> [String: Tensor] {
    var (gradients, signs) = (seeds, signs)
    let shown = shown(Set(seeds.keys))
    for step in steps.reversed() {
      guard var gradient = gradients[step.output] else { continue }
      if let share = shares[step.output] { gradient = gradient * share }
      gradient.changeSigns(&signs)
      let parts =
        rectified(step, gradient, rule, isShown: shown.contains(step.output))
        ?? step.pullback(gradient)
      for (name, part) in zip(step.sources, parts) {
        let part = signs == nil ? part : part.absolute()
        gradients[name] = gradients[name].map { $0 + part } ?? part
      }
    }
    return gradients
  }

  /// The values that are read, and those that they are rearranged from.
  private func shown(_ read: Set<String>) -> Set<String> {
    steps.reversed().reduce(into: read) { shown, step in
      if shown.contains(step.output), Self.rearranging.contains(step.node.type) {
        shown.formUnion(step.sources)
      }
    }
  }

  /// The upper end of a rectifier; nil where a step is none.
  private func upperEnd(_ node: Node) -> Float? {
    func number(_ position: Int) -> Float? {
      guard node.inputs.indices.contains(position),
        let tensor = constants[node.inputs[position]]?.tensor
      else { return nil }
      return tensor.scalars[0]
    }
    switch node.type {
    case "Relu": return .infinity
    case "Max": return node.inputs.indices.contains { number($0) == 0 } ? .infinity : nil
    case "Clip" where number(1) == 0: return number(2) ?? .infinity
    default: return nil
    }
  }

  /// The gradient of a maximum or minimum with a constant: at the constant itself, where either may count,
  /// it is that of a clamp, 0.
  private func limited(_ step: Step, _ gradient: Tensor) -> [Tensor]? {
    guard step.node.type == "Max" || step.node.type == "Min",
      let limit = step.node.inputs.lazy.compactMap({ constants[$0]?.tensor }).first?.scalars[0]
    else { return nil }
    let isOn = step.value.map { $0 == limit ? 0 : 1 }
    return [gradient * isOn]
  }

  private func rectified(
    _ step: Step, _ gradient: Tensor, _ rule: Rule, isShown: Bool
  ) -> [Tensor]? {
    guard rule != .standard, let upper = upperEnd(step.node) else { return limited(step, gradient) }
    let (y, g) = (step.value.scalars, gradient.scalars)
    let isOn = y.map { $0 > 0 && $0 < upper }
    let each = y.count / step.value.shape[0]
    let result = y.indices.map { i -> Float in
      switch rule {
      case .standard: return g[i]
      case .guided: return isOn[i] ? max(g[i], 0) : 0
      case .deconvolution: return max(g[i], 0)
      case .redirected:
        if isOn[i] { return g[i] }
        let picture = i / each * each..<(i / each + 1) * each
        guard isShown || !picture.contains(where: { isOn[$0] && g[$0] != 0 }) else { return 0 }
        return y[i] <= 0 ? min(g[i], 0) : max(g[i], 0)
      }
    }
    return [Tensor(step.value.shape, result)]
  }
}

extension Tensor {
  /// Adds a millionth of the size of all to every number, but for 0 where that is exact.
  fileprivate mutating func addNoise(
    _ random: inout SplitMix64?, _ sign: Float, toZeros: Bool = false
  ) {
    guard var generator = random else { return }
    let size = 1e-6 * norm / Float(max(1, count)).squareRoot()
    let noise = Tensor.normal(shape, using: &generator).scalars.map { $0 * sign * size }
    random = generator
    self = Tensor(shape, zip(scalars, noise).map { $0 == 0 && !toZeros ? 0 : $0 + $1 })
  }

  /// Gives every number a sign of its own.
  fileprivate mutating func changeSigns(_ random: inout SplitMix64?) {
    guard var generator = random else { return }
    self = map { Bool.random(using: &generator) ? $0 : -$0 }
    random = generator
  }
}
