import Blocks
import Graphs
import Memory
import Plans
import Tensors

/// What a graph does to its pictures before the first layer, found by running that on three pictures.
struct PreparationSearch {
  private let graph: Graph
  private let input: String
  /// The graph's constants, and what takes the place of some.
  private var constants: [String: Constant]
  /// Whether a batch norm belongs to it.
  var takesNorms = true

  /// The most numbers of a picture that is run.
  private static let mostNumbers = 1 << 23
  /// The side of pictures whose size the file leaves open, in pixels.
  private static let usualSide = 64

  init(_ graph: Graph) {
    (self.graph, input) = (graph, graph.inputs[graph.picturePlace].name)
    constants = graph.constants
  }

  /// How what reaches the first layer follows from the picture's channels.
  ///
  /// - Returns: nil where it is the picture as it is, or does not follow from one channel each.
  mutating func affineMap() -> PictureMap? {
    let (part, end) = preparation()
    guard let end, !part.isEmpty else { return nil }
    let isLearnt = part.contains { $0.type == "BatchNormalization" }
    let network = Network(
      graph: Graph(
        inputs: [graph.inputs[graph.picturePlace]], outputs: [end], nodes: part,
        constants: constants))
    let channels = network.inputChannels ?? 3
    let size = network.fixedSize
    let declared = [
      network.input.dimensions[0] ?? 1, channels, size.height ?? Self.usualSide,
      size.width ?? Self.usualSide,
    ]
    let small = [1, channels, Self.usualSide, Self.usualSide]
    // What does not depend on the size is found out at a small one.
    guard
      let (plan, shape) = [small, declared].lazy.compactMap({ extents -> (Plan, Shape)? in
        guard MemoryLimit.product(extents) <= Self.mostNumbers else { return nil }
        let shape = Shape(extents)
        return
          (try? network.plan(
            inputShape: shape, readings: [Reading(.value(end))], feed: .raw, differentiable: false,
            threads: 1)).map { ($0, shape) }
      }).first
    else { return nil }
    func result(_ number: (Int) -> Float) -> [Float]? {
      let numbers = Tensor([1, channels, 1, 1], (0..<channels).map(number))
      return try? plan.forward(numbers.broadcast(to: shape)).first?.scalars
    }
    guard let zeros = result({ _ in 0 }), let ones = result({ _ in 1 }),
      let places = result({ Float($0 + 1) })
    else { return nil }
    return Self.map(zeros: zeros, ones: ones, places: places, channels, isLearnt: isLearnt)
  }

  /// The map by what becomes of a picture of zeros, of one of ones, and of one with each channel's number from 1.
  private static func map(
    zeros: [Float], ones: [Float], places: [Float], _ channels: Int, isLearnt: Bool
  ) -> PictureMap? {
    var sums = [(mean: Double, deviation: Double, count: Double)](
      repeating: (0, 0, 0), count: channels)
    var map = PictureMap(isLearnt: isLearnt)
    var margin: Double?
    for (i, zero) in zeros.enumerated() {
      let slope = Double(ones[i]) - Double(zero)
      guard slope != 0 else {
        margin = Double(zero)
        continue
      }
      let place = (Double(places[i]) - Double(zero)) / slope - 1
      let channel = place.rounded()
      guard abs(place - channel) < 0.1, (0..<Double(channels)).contains(channel) else { return nil }
      let c = Int(channel)
      if sums[c].count == 0 { map.order.append(c) }
      sums[c].mean -= Double(zero) / slope
      sums[c].deviation += 1 / slope
      sums[c].count += 1
    }
    let seen = sums.filter { $0.count > 0 }
    guard !seen.isEmpty else { return nil }
    map.means = seen.map { Float($0.mean / $0.count) }
    map.deviations = seen.map { Float($0.deviation / $0.count) }
    guard (map.means + map.deviations).allSatisfy(\.isFinite) else { return nil }
    map.margin = margin.map { value in
      let (mean, deviation) = seen.reduce((0, 0)) {
        ($0.0 + $1.mean / $1.count, $0.1 + $1.deviation / $1.count)
      }
      return Float((mean + value * deviation) / Double(seen.count))
    }
    return map
  }

  /// The nodes before the first layer that pictures go through, and what that layer reads.
  private mutating func preparation() -> (part: [Node], end: String?) {
    var prepared: Set = [input]
    var known: Set<String> = []
    var part: [Node] = []
    for node in graph.nodes {
      func isKnown(_ name: String) -> Bool {
        name.isEmpty || graph.constants[name] != nil || known.contains(name)
      }
      let read = node.inputs.filter { prepared.contains($0) }
      let isFixed =
        read.isEmpty ? node.inputs.allSatisfy(isKnown) : graph.role(of: node) == .constant
      guard isFixed || !read.isEmpty else { continue }
      if isFixed {
        part.append(node)
        known.formUnion(node.outputs)
        continue
      }
      guard node.inputs.allSatisfy({ isKnown($0) || prepared.contains($0) }),
        prepares(node, reading: read.count, isFirst: read[0] == node.inputs[0])
      else {
        // What the layer reads may be the picture as it is.
        return (read[0] == input ? [] : part, read[0])
      }
      part.append(linear(node))
      prepared.formUnion(node.outputs)
    }
    return (part, graph.outputs.first { $0 != input && prepared.contains($0) })
  }

  /// Whether a node moves numbers, or multiplies and shifts each channel's by the same; what rounds and limits them does
  /// not matter.
  private func prepares(_ node: Node, reading count: Int, isFirst: Bool) -> Bool {
    guard node.conditions.isEmpty, node.body == nil else { return false }
    switch graph.role(of: node) {
    case .renaming, .reshaping: return isFirst
    case .selection:
      return isFirst && count == 1 && node.type != "TopK"
        && Operator.table[node.type]?.choosesByValue == false
    case .concatenation: return count == node.inputs.count
    case .clamp(let clamp): return clamp.lower.isFinite && clamp.upper.isFinite
    case .step: return Self.rounding.contains(node.type)
    case .arithmetic(let operation):
      return count == 1 && node.inputs.count == 2 && (operation != .division || isFirst)
    case .normalization: return takesNorms && node.type == "BatchNormalization" && isFirst
    case .linear(.convolution): return isFirst && count == 1 && takesOneChannelEach(node)
    default: return false
    }
  }

  private static let rounding: Set = ["Round", "Floor", "Ceil", "Cast"]

  /// Whether each channel that a convolution makes is one of those that go in, times a number.
  private func takesOneChannelEach(_ node: Node) -> Bool {
    guard node.type == "Conv", let weights = node.input(1).flatMap({ graph.constants[$0] }),
      weights.shape.rank == 4, weights.shape.dimensions.suffix(2) == [1, 1],
      weights.count <= 256, weights.shape[1] > 0, (node.ints("pads") ?? []).allSatisfy({ $0 == 0 })
    else { return false }
    let (scalars, length) = (weights.tensor.scalars, weights.shape[1])
    return stride(from: 0, to: scalars.count, by: length).allSatisfy { start in
      scalars[start..<start + length].count { $0 != 0 } == 1
    }
  }

  /// A node without what rounds and limits; of a batch norm only what it takes off and divides by.
  private mutating func linear(_ node: Node) -> Node {
    switch graph.role(of: node) {
    case .clamp, .step:
      return Node(
        "Identity", name: node.name, inputs: Array(node.inputs.prefix(1)), outputs: node.outputs)
    case .normalization where node.type == "BatchNormalization":
      guard node.inputs.count == 5, let output = node.outputs.first,
        let mean = graph.constants[node.inputs[3]]
      else { return node }
      var plain = node
      for (place, number) in [(1, Float(1)), (2, 0)] {
        plain.inputs[place] = "\(output), \(place)"
        constants[plain.inputs[place]] = Constant(Tensor(mean.shape, repeating: number))
      }
      return plain
    default: return node
    }
  }
}
