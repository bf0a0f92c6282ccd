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
  /// work on the last. From there it spreads, node by node, over operators that leave axes where they are
  /// and through transpositions; the nearest wins. Where each operator has them, its `ChannelRule` says.
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

  private typealias Link = (other: String, permutation: [Int]?, forward: Bool)

  /// The values next to each value whose axes follow from its own.
  private func links(_ rules: [ChannelRule], _ dependent: Set<String>) -> [String: [Link]] {
    var links: [String: [Link]] = [:]
    for (node, rule) in zip(nodes, rules) {
      let permutation: [Int]?
      switch rule {
      case .kept: permutation = nil
      case .transposed(let order): permutation = order
      default: continue
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
