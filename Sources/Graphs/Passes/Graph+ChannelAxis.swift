import Blocks
import Tensors

/// The axis that a value's channels lie along.
package enum ChannelAxis: Sendable, Hashable {
  /// Axis 1: N×C×H×W.
  case first
  /// The last axis: N×T×C, N×H×W×C.
  case last

  /// The axis on the other side of a transposition.
  ///
  /// - Parameters:
  ///   - permutation: Axis i of the output is axis `permutation[i]` of the input.
  ///   - forward: Whether `self` is the input's axis and the output's is wanted.
  /// - Returns: `nil` where the channels end up in between.
  func transposed(by permutation: [Int], forward: Bool) -> ChannelAxis? {
    let last = permutation.count - 1
    let own = self == .first ? 1 : last
    guard last >= 1, Set(permutation) == Set(0...last) else { return nil }
    let other = forward ? permutation.firstIndex(of: own) : permutation[own]
    return other == 1 ? .first : other == last ? .last : nil
  }
}

extension Graph {
  /// The channel axis of every value of which the operators around it tell it.
  ///
  /// Convolutions, pools and batch norms have channels at axis 1; products with a matrix and layer norms
  /// work on the last, and so does what scales and shifts by lists of numbers, as layer norms end that are written
  /// out. From there it spreads, node by node, over operators that leave axes where they are and through
  /// transpositions; the nearest wins. Where each operator has them, its `ChannelRule` says.
  package func channelAxes() -> [String: ChannelAxis] {
    let dependent = dependents()
    let rules = nodes.map { rule(of: $0, dependent) }
    var axes: [String: ChannelAxis] = [:]
    var border: [String] = []
    func settle(_ name: String, _ axis: ChannelAxis) {
      guard axes[name] == nil, dependent.contains(name) else { return }
      axes[name] = axis
      border.append(name)
    }
    for (axis, rule) in [(ChannelAxis.first, ChannelRule.first), (.last, .last)] {
      for (node, own) in zip(nodes, rules) where own == rule {
        for name in node.inputs.prefix(1) + node.outputs.prefix(1) { settle(name, axis) }
      }
    }
    let makers = makers
    for node in nodes {
      guard let (value, scaled) = affine(node, makers) else { continue }
      for name in [value, scaled] + node.outputs { settle(name, .last) }
    }
    for node in nodes {
      guard let axis = regroupedChannels(node, makers) ?? channelsOfBlocks(node, makers) else {
        continue
      }
      for output in node.outputs { settle(output, axis) }
    }
    let links = border.isEmpty ? [:] : links(rules, dependent)
    while !border.isEmpty {
      let reached = border
      border = []
      for name in reached {
        guard let axis = axes[name] else { continue }
        for (other, permutation, forward) in links[name] ?? [] {
          guard let permutation else {
            settle(other, axis)
            continue
          }
          if let turned = axis.transposed(by: permutation, forward: forward) {
            settle(other, turned)
          }
        }
      }
    }
    return axes
  }

  /// The graph's inputs and all that is made of them.
  private func dependents() -> Set<String> {
    var dependent = Set(inputs.map(\.name))
    for node in nodes
    where node.inputs.contains(where: dependent.contains) && role(of: node) != .constant {
      dependent.formUnion(node.outputs)
    }
    dependent.remove("")
    return dependent
  }

  /// Where a node's channels lie; a product of two values that both vary tells nothing.
  private func rule(of node: Node, _ dependent: Set<String>) -> ChannelRule {
    if role(of: node) == .linear(.matrixProduct), let weights = node.input(1),
      dependent.contains(weights)
    {
      return .unknown
    }
    return channels(of: node)
  }

  /// Where the channels lie of N×C×P that a node makes of a convolution's N×C×H×W, as patches become tokens, or of N×P×C that
  /// it makes of a list of tokens M×C; nil where it does neither.
  private func regroupedChannels(_ node: Node, _ makers: [String: Int]) -> ChannelAxis? {
    guard node.type == "Reshape", var value = node.input(0),
      let extents = extents(ofReshape: node, makers), extents.count == 3
    else { return nil }
    func count(_ node: Node, weight: Int = 1, axis: Int) -> Int? {
      node.input(weight).flatMap { constants[$0]?.shape }.flatMap { shape in
        shape.rank > axis ? shape[axis] : nil
      }
    }
    // Norms and activations may stand between.
    var listed: Int?
    for _ in 0..<6 {
      guard let maker = makers[value] else { return nil }
      let source = nodes[maker]
      switch source.type {
      case "Conv":
        let isMap = source.input(1).flatMap { constants[$0]?.shape.rank } == 4
        return isMap && [0, count(source, axis: 0)].contains(extents[1]) ? .first : nil
      case "Gemm":
        let channels = count(source, axis: source.int("transB", default: 0) == 0 ? 1 : 0)
        return channels != nil && extents[2] == channels ? .last : nil
      case "BatchNormalization": listed = count(source, axis: 0)
      case "Reshape", "Flatten": return listed != nil && extents[2] == listed ? .last : nil
      default: if channels(of: source) != .kept { return nil }
      }
      guard let input = source.input(0) else { return nil }
      value = input
    }
    return nil
  }

  /// Where the channels lie of a map that blocks of its pixels are put together to: N×H×W×b×b×C or N×b×b×C×H×W before,
  /// as what makes pixels of channels writes it, and windows that become a map again; nil of other nodes.
  private func channelsOfBlocks(_ node: Node, _ makers: [String: Int]) -> ChannelAxis? {
    guard node.type == "Reshape", let maker = node.input(0).flatMap({ makers[$0] }),
      nodes[maker].type == "Transpose", extents(ofReshape: node, makers)?.count == 4
    else { return nil }
    switch nodes[maker].ints("perm") {
    case [0, 1, 3, 2, 4, 5]: return .last
    case [0, 3, 4, 1, 5, 2]: return .first
    default: return nil
    }
  }

  /// The extents that a value is brought to, with 0 for one that stays and −2 for one that is found while running; nil
  /// where they are not known.
  func extents(ofReshape node: Node, _ makers: [String: Int]) -> [Int]? {
    func maker(_ value: String?) -> Node? { value.flatMap { makers[$0] }.map { nodes[$0] } }
    if let extents = integers("shape", at: 1, of: node) { return extents }
    guard let joined = maker(node.input(1)), joined.type == "Concat" else { return nil }
    let parts = joined.inputs.map { input -> [Int]? in
      if let numbers = constants[input]?.integers { return numbers }
      return ["Unsqueeze", "Gather"].contains(maker(input)?.type) ? [-2] : nil
    }
    if !parts.contains(nil) { return parts.flatMap { $0 ?? [] } }
    // Two extents of a shape, and one for the rest: PyTorch's flatten(2).
    guard joined.inputs.count == 2,
      let rest = constants[joined.inputs[1]]?.integers, rest.count == 1,
      let cut = maker(joined.inputs[0]), cut.type == "Slice",
      integers("starts", at: 1, of: cut) == [0], integers("ends", at: 2, of: cut) == [2],
      maker(cut.input(0))?.type == "Shape"
    else { return nil }
    return [0, 0] + rest
  }

  /// The value whose shape a node brings another to.
  private func shapeSource(ofReshape node: Node, _ makers: [String: Int]) -> String? {
    guard node.type == "Reshape", let maker = node.input(1).flatMap({ makers[$0] }),
      nodes[maker].type == "Shape"
    else { return nil }
    return nodes[maker].input(0)
  }

  /// What a node shifts that another multiplied before, by lists along the last axis.
  ///
  /// Each has one number for each of its places: a constant K, 1×K or 1×1×K. A factor alone may be of places, as the strides of a detector's boxes are.
  private func affine(_ node: Node, _ makers: [String: Int]) -> (value: String, scaled: String)? {
    guard let (scaled, count) = alongLast(node, .addition), let maker = makers[scaled],
      let (value, own) = alongLast(nodes[maker], .multiplication), own == count
    else { return nil }
    return (value, scaled)
  }

  /// What a node puts together with a constant of the last axis alone, and how many numbers that has.
  private func alongLast(
    _ node: Node, _ operation: Role.Arithmetic
  ) -> (value: String, count: Int)? {
    guard role(of: node) == .arithmetic(operation), node.inputs.count == 2,
      // Before the seventh operator set an attribute may say the axis.
      node.int("broadcast", default: 0) == 0,
      let place = node.inputs.firstIndex(where: { constants[$0] != nil }),
      let shape = constants[node.inputs[place]]?.shape, (1...3).contains(shape.rank),
      shape.count > 1, shape[-1] == shape.count
    else { return nil }
    return (node.inputs[1 - place], shape.count)
  }

  private typealias Link = (other: String, permutation: [Int]?, forward: Bool)

  /// The values next to each value whose axes follow from its own.
  private func links(_ rules: [ChannelRule], _ dependent: Set<String>) -> [String: [Link]] {
    let makers = makers
    var links: [String: [Link]] = [:]
    for (node, rule) in zip(nodes, rules) {
      let permutation: [Int]?
      switch rule {
      case .kept: permutation = nil
      case .transposed(let order): permutation = order
      default:
        // What is brought to the shape of another value again has its axes.
        if let other = shapeSource(ofReshape: node, makers), let output = node.outputs.first,
          dependent.contains(other)
        {
          links[other, default: []].append((output, nil, true))
        }
        continue
      }
      for input in node.inputs where dependent.contains(input) {
        for output in node.outputs where dependent.contains(output) {
          links[input, default: []].append((output, permutation, true))
          links[output, default: []].append((input, permutation, false))
        }
      }
    }
    return links
  }
}
