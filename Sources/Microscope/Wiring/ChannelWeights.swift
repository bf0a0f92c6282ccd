import Graphs
import Tensors

/// How strongly each input channel of a weighted sum goes into each of its output channels.
struct ChannelWeights {
  private let weights: Tensor
  private let groups: Int
  /// Whether the weights are inputs × outputs.
  private let isTurned: Bool

  /// The weights of a node; nil: it is no sum with weights of the file's own.
  init?(_ node: Node, in graph: Graph) {
    guard case .linear(let kind) = graph.role(of: node), node.inputs.count > 1,
      let constant = graph.constants[node.inputs[1]]?.tensor, constant.shape.rank >= 2
    else { return nil }
    weights = constant
    groups = max(1, node.int("group", default: 1))
    switch kind {
    case .convolution: isTurned = false
    case .transposedConvolution:
      guard groups == 1 else { return nil }
      isTurned = true
    case .matrixProduct:
      guard constant.shape.rank == 2, node.int("transA", default: 0) == 0 else { return nil }
      isTurned = node.int("transB", default: 0) == 0
    }
    guard weights.shape[0] % groups == 0 else { return nil }
  }

  private var rows: Int { weights.shape[0] }
  private var columns: Int { weights.shape[1] }

  /// The input channels of an output channel.
  func inputs(of output: Int) -> [(channel: Int, weight: Float)] {
    if isTurned {
      guard output < columns else { return [] }
      return (0..<rows).map { ($0, weight($0, output)) }
    }
    guard output < rows else { return [] }
    let first = output / (rows / groups) * columns
    return (0..<columns).map { (first + $0, weight(output, $0)) }
  }

  /// The output channels of an input channel.
  func outputs(of input: Int) -> [(channel: Int, weight: Float)] {
    if isTurned {
      guard input < rows else { return [] }
      return (0..<columns).map { ($0, weight(input, $0)) }
    }
    let group = input / columns
    guard group < groups else { return [] }
    let size = rows / groups
    return (group * size..<(group + 1) * size).map { ($0, weight($0, input % columns)) }
  }

  private func weight(_ row: Int, _ column: Int) -> Float {
    let window = weights.count / (rows * columns)
    let start = (row * columns + column) * window
    return weights.withUnsafeBufferPointer { scalars in
      var (sum, square): (Float, Float) = (0, 0)
      for value in scalars[start..<start + window] {
        sum += value
        square += value * value
      }
      return square.squareRoot() * (sum < 0 ? -1 : 1)
    }
  }
}
