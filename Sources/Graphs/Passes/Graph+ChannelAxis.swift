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
  /// and through transpositions; the nearest wins.
  package func channelAxes() -> [String: ChannelAxis] {
    let dependent = dependents()
    var axes: [String: ChannelAxis] = [:]
    var border: [String] = []
    func settle(_ name: String, _ axis: ChannelAxis) {
      guard axes[name] == nil, dependent.contains(name) else { return }
      axes[name] = axis
      border.append(name)
    }
    for axis in [ChannelAxis.first, .last] {
      for node in nodes where node.channelAxis(dependent, self) == axis {
        for name in node.inputs.prefix(1) + node.outputs.prefix(1) { settle(name, axis) }
      }
    }
    let links = links(dependent)
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
    for node in nodes where node.type != "Shape" && node.inputs.contains(where: dependent.contains)
    {
      dependent.formUnion(node.outputs)
    }
    dependent.remove("")
    return dependent
  }

  private typealias Link = (other: String, permutation: [Int]?, forward: Bool)

  /// The values next to each value whose axes follow from its own.
  private func links(_ dependent: Set<String>) -> [String: [Link]] {
    var links: [String: [Link]] = [:]
    for node in nodes {
      let permutation = node.type == "Transpose" ? node.ints("perm") : nil
      guard permutation != nil || Self.axisPreserving.contains(node.type) else { continue }
      for input in node.inputs where dependent.contains(input) {
        for output in node.outputs where dependent.contains(output) {
          links[input, default: []].append((output, permutation, true))
          links[output, default: []].append((input, permutation, false))
        }
      }
    }
    return links
  }

  /// Operators whose results have the axes of what goes in.
  private static let axisPreserving: Set = [
    "Abs", "Add", "And", "Cast", "Celu", "Clip", "Concat", "Div", "Dropout", "Elu", "Erf", "Exp",
    "Gelu", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "LpNormalization", "Max", "Min",
    "Mish", "Mul", "Neg", "PRelu", "Pad", "Pow", "RMSNormalization", "Reciprocal", "Relu",
    "Resize", "Selu", "Sigmoid", "Slice", "Softplus", "Softsign", "Split", "Sqrt", "Sub", "Sum",
    "Swish", "Tanh", "ThresholdedRelu", "Upsample", "Where",
  ]
}

extension Node {
  private static let alongFirst: Set = [
    "Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool", "GlobalAveragePool",
    "GlobalMaxPool", "BatchNormalization", "InstanceNormalization", "GroupNormalization", "LRN",
    "DepthToSpace", "SpaceToDepth",
  ]

  /// The axis that the operator itself takes its first input's channels to lie along.
  ///
  /// - Parameters:
  ///   - dependent: The values that are no constants.
  ///   - graph: The constants.
  /// - Returns: `nil` where it takes none.
  fileprivate func channelAxis(_ dependent: Set<String>, _ graph: Graph) -> ChannelAxis? {
    switch type {
    case _ where Self.alongFirst.contains(type): return .first
    case "MatMul", "Gemm":
      guard let weights = input(1), !dependent.contains(weights) else { return nil }
      return (graph.constants[weights]?.tensor.shape.rank ?? 2) == 2 ? .last : nil
    case "LayerNormalization", "RMSNormalization":
      // Over all axes but the batch it tells nothing.
      return input(1).flatMap { graph.constants[$0]?.tensor.shape.rank } == 1 ? .last : nil
    case "ReduceMean":
      let axes = ints("axes") ?? input(1).flatMap { graph.constants[$0]?.integers }
      return axes == [-1] && int("keepdims", default: 1) == 1 ? .last : nil
    default: return nil
    }
  }
}
