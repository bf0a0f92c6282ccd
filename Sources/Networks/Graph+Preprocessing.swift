import Blocks
import Graphs
import Tensors

extension Graph {
  /// What the graph itself says of its pictures: by its input's type, or by what it does to them first.
  ///
  /// Bytes are 0…255. A division by 255 or by some 127.5, as in Keras' Rescaling, and a mean beyond 2 that is
  /// subtracted, are for 0…255; a smaller mean is for 0…1. The means of ImageNet say the order of the channels where
  /// they are subtracted, and so what it is before channels change places.
  ///
  /// - Returns: nil where it says nothing.
  var preprocessing: Preprocessing? {
    guard inputs.indices.contains(picturePlace), inputs[picturePlace].dimensions.count == 4 else {
      return nil
    }
    var search = PreparationSearch(self, inputs[picturePlace])
    return search.found()
  }
}

/// The way from an input through all that a file does to its pictures before the first layer, in whatever order.
private struct PreparationSearch {
  private let graph: Graph
  private var way: ChannelWay
  /// White in the input; nil where nothing has said it yet.
  private var upper: Float?
  /// Whether the input's channels are blue, green and red.
  private var isBGR = false

  /// The most nodes that are looked at.
  private static let reach = 24
  /// The means of ImageNet's red, green and blue as shares of their sum.
  private static let shares: [Float] = [0.36, 0.3385, 0.3015]

  init(_ graph: Graph, _ input: Graph.Input) {
    self.graph = graph
    let isFew = { (extent: Int?) in extent.map { (1...4).contains($0) } ?? false }
    let isLast = !isFew(input.dimensions[1]) && isFew(input.dimensions[3])
    way = ChannelWay(graph, from: input.name, axis: isLast ? 3 : 1)
    upper = input.isInteger ? 255 : nil
  }

  mutating func found() -> Preprocessing? {
    for _ in 0..<Self.reach {
      if way.step() { continue }
      guard let node = way.reader, takes(node), let output = node.outputs.first else { break }
      way.value = output
    }
    return upper.map { Preprocessing(color: isBGR ? .bgr : .rgb, rangeUpper: $0) }
  }

  /// Takes note of what a node does to the numbers; false where it is none that prepares pictures.
  private mutating func takes(_ node: Node) -> Bool {
    let role = graph.role(of: node)
    if case .clamp(let clamp) = role { return clamp.lower.isFinite && clamp.upper.isFinite }
    guard case .arithmetic(let operation) = role, node.inputs.count == 2,
      let place = node.inputs.firstIndex(where: { $0 != way.value }),
      let tensor = graph.constants[node.inputs[place]]?.tensor,
      let largest = tensor.scalars.max(by: { abs($0) < abs($1) })
    else { return false }
    switch operation {
    case .division where place == 0: return false
    case .division, .multiplication:
      guard upper == nil else { return true }
      if Self.isOfBytes(operation == .division ? 1 / largest : largest) { upper = 255 }
      return upper != nil
    case .subtraction where place == 0: return false
    case .subtraction, .addition:
      if upper == nil, largest != 0 { upper = abs(largest) > 2 ? 255 : 1 }
      believe(means: tensor.scalars)
      return true
    }
  }

  /// Takes the order of the channels from means that are ImageNet's.
  private mutating func believe(means: [Float]) {
    let sum = means.reduce(0, +)
    guard means.count == 3, sum != 0 else { return }
    func areNear(_ shares: [Float]) -> Bool {
      zip(means, shares).allSatisfy { abs($0 / sum - $1) < 0.01 }
    }
    if areNear(Self.shares) { isBGR = way.isReversed }
    if areNear(Self.shares.reversed()) { isBGR = !way.isReversed }
  }

  /// Whether a factor brings 0…255 to 0…1 or to a range twice as wide.
  private static func isOfBytes(_ factor: Float) -> Bool {
    (1.0 / 300...1.0 / 100).contains(factor)
  }
}
