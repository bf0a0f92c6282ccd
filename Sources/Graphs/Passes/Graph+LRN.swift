import Blocks
import Tensors

extension Graph {
  /// The same graph with local response normalization, which PyTorch's exporter writes as
  /// `x / (k + α · average(x²))^β` over padded channels, as one LRN node again.
  ///
  /// The nodes in between stay for whoever looks at them; nobody else computes them. Where other nodes read
  /// what lies in between, all stays as it is.
  package func recognizingLRN() -> Graph {
    guard nodes.contains(where: { $0.type == "Div" }) else { return self }
    let (producers, readers) = (producers, readerCounts)
    var graph = self
    for (index, node) in nodes.enumerated() where node.type == "Div" && node.inputs.count == 2 {
      if let lrn = lrn(dividing: node, producers),
        isClosed(node, from: lrn.inputs[0], producers, readers)
      {
        graph.nodes[index] = lrn
      }
    }
    return graph
  }

  private func lrn(dividing node: Node, _ producers: Producers) -> Node? {
    let source = node.inputs[0]
    guard let power = producers[node.inputs[1]], power.type == "Pow",
      let beta = scalar(power.inputs[checked: 1]),
      let sum = producers[power.inputs[checked: 0] ?? ""], sum.type == "Add",
      let (bias, scaled) = scalarAndOther(sum),
      let product = producers[scaled], product.type == "Mul",
      let (alpha, averaged) = scalarAndOther(product),
      let pool = producer(of: averaged, past: ["Squeeze", "Reshape"], producers),
      let size = channelsAveraged(by: pool, of: source, producers)
    else { return nil }
    return Node(
      "LRN", name: node.name, inputs: [source], outputs: node.outputs,
      attributes: [
        "size": .int(size), "alpha": .float(alpha), "beta": .float(beta), "bias": .float(bias),
      ], opset: node.opset)
  }

  /// How many channels of a value's square a pool averages, one about each.
  ///
  /// - Returns: `nil` where it averages anything else. Of an even number, PyTorch takes the odd one before
  ///   and ONNX's LRN the one behind: that is no LRN either.
  private func channelsAveraged(
    by pool: Node, of source: String, _ producers: Producers
  ) -> Int? {
    guard pool.type == "AveragePool", pool.int("count_include_pad", default: 0) == 1,
      let kernel = pool.ints("kernel_shape"), let size = kernel.first, !size.isMultiple(of: 2),
      (kernel + (pool.ints("strides") ?? []) + (pool.ints("dilations") ?? [])).dropFirst()
        .filter({ $0 != 1 }).isEmpty, (pool.ints("strides") ?? [1])[0] == 1,
      pool.string("auto_pad", default: "NOTSET") == "NOTSET",
      pool.int("ceil_mode", default: 0) == 0
    else { return nil }
    // Channels are the first axis behind a new one, which the pool takes for its own.
    var margin = pool.ints("pads") ?? [Int](repeating: 0, count: 2 * kernel.count)
    var node = producers[pool.inputs[checked: 0] ?? ""]
    if let pad = node, pad.type == "Pad" {
      guard let widths = spatialMargin(pad), widths.count == margin.count else { return nil }
      margin = zip(margin, widths).map { $0 + $1 }
      node = producers[pad.inputs[0]]
    }
    var expected = [Int](repeating: 0, count: 2 * kernel.count)
    (expected[0], expected[kernel.count]) = (size / 2, size / 2)
    guard margin == expected, let raised = node,
      raisesChannels(raised, of: source, axes: kernel.count + 2, producers),
      let square = producers[raised.inputs[0]], square.type == "Mul",
      square.inputs == [source, source]
    else { return nil }
    return size
  }

  /// The widths of the zeros around all axes but the first two, if there are such alone.
  private func spatialMargin(_ pad: Node) -> [Int]? {
    guard pad.string("mode", default: "constant") == "constant", pad.input(3) == nil,
      pad.input(2).map({ scalar($0) == 0 }) ?? (pad.float("value", default: 0) == 0),
      let widths = pad.ints("pads") ?? pad.input(1).flatMap({ constants[$0]?.integers }),
      widths.count.isMultiple(of: 2), widths.count > 4
    else { return nil }
    let (before, after) = (widths.prefix(widths.count / 2), widths.suffix(widths.count / 2))
    guard (before.prefix(2) + after.prefix(2)).allSatisfy({ $0 == 0 }) else { return nil }
    return Array(before.dropFirst(2) + after.dropFirst(2))
  }

  /// Whether a node puts an axis of one before the channels, so that N×C×H×W is N×1×C×H×W.
  private func raisesChannels(
    _ node: Node, of source: String, axes: Int, _ producers: Producers
  ) -> Bool {
    let numbers = node.input(1).flatMap { constants[$0]?.integers }
    switch node.type {
    case "Unsqueeze": return (node.ints("axes") ?? numbers) == [1]
    case "Reshape":
      guard let shape = node.ints("shape") ?? numbers, shape.count == axes, shape[1] == 1,
        let channels = channelCount(of: source, producers)
      else { return false }
      return shape[2] == channels
    default: return false
    }
  }

  /// The channels of a value N×C×…, from the weights or the input that it comes from; `nil` where these do
  /// not tell it.
  private func channelCount(of name: String, _ producers: Producers) -> Int? {
    var name = name
    while let node = producers[name] {
      switch role(of: node) {
      case .linear(.convolution):
        return node.input(1).flatMap { constants[$0]?.shape[checked: 0] }
      case .elementwise, .gate, .clamp, .renaming, .normalization: name = node.inputs.first ?? ""
      case _ where positions(of: node) == .pooled: name = node.inputs.first ?? ""
      default: return nil
      }
    }
    return inputs.first { $0.name == name }?.dimensions[checked: 1] ?? nil
  }

  private func scalar(_ name: String?) -> Float? {
    guard let name, let tensor = constants[name]?.tensor, tensor.count == 1 else { return nil }
    return tensor.scalars[0]
  }

  private func scalarAndOther(_ node: Node) -> (scalar: Float, other: String)? {
    guard node.inputs.count == 2 else { return nil }
    if let value = scalar(node.inputs[1]) { return (value, node.inputs[0]) }
    if let value = scalar(node.inputs[0]) { return (value, node.inputs[1]) }
    return nil
  }

  private func producer(
    of name: String, past types: Set<String>, _ producers: Producers
  ) -> Node? {
    var node = producers[name]
    while let current = node, types.contains(current.type) {
      node = producers[current.inputs[checked: 0] ?? ""]
    }
    return node
  }
}
