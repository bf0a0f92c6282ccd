import Tensors

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Puts graphs together, with random weights.
struct GraphBuilder {
  private(set) var graph: Graph
  private var random: SplitMix64

  init(channels: Int?, seed: UInt64 = 1) {
    graph = Graph(
      inputs: [Graph.Input(name: "x", dimensions: [nil, channels, nil, nil])], outputs: [],
      nodes: [])
    random = SplitMix64(seed: seed)
  }

  /// Adds a node and returns its result's name.
  mutating func add(
    _ type: String, _ inputs: [String], _ attributes: [String: Attribute] = [:]
  ) -> String {
    let name = "\(type.lowercased())\(graph.nodes.count)"
    graph.nodes.append(
      Node(type, name: name, inputs: inputs, outputs: [name], attributes: attributes))
    graph.outputs = [name]
    return name
  }

  mutating func constant(_ shape: Shape, standardDeviation: Float = 1) -> String {
    let name = "constant\(graph.constants.count)"
    graph.constants[name] = Constant(
      .normal(shape, standardDeviation: standardDeviation, using: &random))
    return name
  }

  /// A convolution whose outputs have about the variance of its inputs.
  mutating func convolution(
    _ input: String, _ channels: (from: Int, to: Int), _ c: ConvolutionCase, bias: Bool = true
  ) -> String {
    let inputs = channels.from / c.groups
    let deviation = 1 / Float(inputs * c.size.height * c.size.width).squareRoot()
    let weights = constant(
      [channels.to, inputs, c.size.height, c.size.width], standardDeviation: deviation)
    return add(
      "Conv", bias ? [input, weights, constant([channels.to])] : [input, weights],
      [
        "kernel_shape": .ints([c.size.height, c.size.width]), "group": .int(c.groups),
        "strides": .ints([c.stride.y, c.stride.x]), "dilations": .ints([c.dilation, c.dilation]),
        "pads": .ints([c.pads.top, c.pads.left, c.pads.bottom, c.pads.right]),
      ])
  }
}

/// The geometry of a convolution.
struct ConvolutionCase: CustomStringConvertible, Sendable {
  var batch = 1
  var from: Int
  var to: Int
  var height: Int
  var width: Int
  var size: (height: Int, width: Int) = (3, 3)
  var stride: (y: Int, x: Int) = (1, 1)
  var dilation = 1
  var groups = 1
  var pads: (top: Int, left: Int, bottom: Int, right: Int) = (1, 1, 1, 1)

  var description: String {
    "\(batch)×\(from)→\(to) \(height)×\(width) k\(size) s\(stride) d\(dilation) g\(groups) p\(pads)"
  }

  /// Shapes that are no multiples of anything: channels, widths, strides, dilation, padding, groups.
  static let all: [ConvolutionCase] = [
    ConvolutionCase(from: 1, to: 1, height: 1, width: 1),
    ConvolutionCase(from: 3, to: 5, height: 7, width: 9),
    ConvolutionCase(batch: 2, from: 3, to: 17, height: 12, width: 33, stride: (2, 2)),
    ConvolutionCase(from: 17, to: 5, height: 9, width: 2, pads: (0, 1, 2, 0)),
    ConvolutionCase(batch: 3, from: 16, to: 32, height: 5, width: 13, stride: (1, 2)),
    ConvolutionCase(from: 5, to: 17, height: 20, width: 19, size: (5, 3), stride: (3, 4)),
    ConvolutionCase(from: 33, to: 40, height: 11, width: 15, dilation: 2, pads: (2, 2, 2, 2)),
    ConvolutionCase(
      from: 3, to: 16, height: 21, width: 23, size: (7, 7), stride: (2, 2), pads: (3, 3, 3, 3)),
    ConvolutionCase(
      from: 4, to: 8, height: 17, width: 17, size: (4, 4), stride: (4, 4), pads: (0, 0, 0, 0)),
    ConvolutionCase(from: 17, to: 17, height: 10, width: 14, groups: 17),
    ConvolutionCase(
      batch: 2, from: 24, to: 24, height: 13, width: 11, size: (5, 5), stride: (2, 2), groups: 24,
      pads: (2, 2, 2, 2)),
    ConvolutionCase(from: 32, to: 64, height: 6, width: 7, groups: 2),
    ConvolutionCase(from: 12, to: 24, height: 8, width: 8, groups: 3),
    ConvolutionCase(from: 64, to: 64, height: 9, width: 9, groups: 16),
    ConvolutionCase(from: 6, to: 12, height: 9, width: 9, groups: 6),
    ConvolutionCase(
      batch: 5, from: 40, to: 24, height: 1, width: 1, size: (1, 1), pads: (0, 0, 0, 0)),
    ConvolutionCase(
      from: 20, to: 30, height: 14, width: 14, size: (1, 1), stride: (2, 2), pads: (0, 0, 0, 0)),
    ConvolutionCase(from: 19, to: 18, height: 6, width: 31, size: (1, 7), pads: (0, 3, 0, 3)),
  ]
}
