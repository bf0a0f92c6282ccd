import Graphs
import Tensors

/// The way back from a result to what its numbers are made of.
package struct ScoreSearch {
  private let graph: Graph
  private let makers: [String: Int]
  private let shapes: [String: Shape]
  /// The way back from a result to its logits.
  let links: LinkSearch
  private let channelAxes: [String: ChannelAxis]

  init(_ network: Network, _ shapes: [String: Shape]) {
    (graph, makers, self.shapes) = (network.graph, network.makers, shapes)
    links = LinkSearch(network.graph, makers: network.makers)
    channelAxes = network.channelAxes
  }

  /// What only arranges numbers.
  private static let arranging: Set<String> = [
    "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Cast", "Dropout",
  ]

  /// What only arranges or chooses numbers, and what joins a score with another.
  package static let transparent = arranging.union([
    "Slice", "Split", "Gather", "GatherElements", "GatherND", "TopK", "Mul", "ReduceMax", "ArgMax",
    "Expand", "Clip", "Max", "Tile", "Sqrt",
  ])

  /// A value on the way back, where it stands among the numbers of its places, and whether it was cut since.
  private typealias Step = (value: String, joined: Range<Int>?, isCut: Bool)

  /// What goes into the sigmoids or softmaxes that a value is made of, in the order of the graph.
  func linked(behind value: String, output: Int) -> [ScorePart] {
    var found: [(place: Int, part: ScorePart)] = []
    var pending: [Step] = [(value, nil, false)]
    var seen = Set<String>()
    while let (value, joined, isCut) = pending.popLast() {
      guard seen.insert(value).inserted, let place = makers[value] else { continue }
      let node = graph.nodes[place]
      switch node.type {
      case "Sigmoid":
        guard let part = scored(node, joined, output),
          !found.contains(where: { $0.part.value == part.value })
        else { break }
        found.append((place, part))
      case "Softmax", "LogSoftmax":
        guard let input = node.input(0), let shape = shapes[input], shape.rank > 2 else { break }
        let axes = links.axes(of: node, rank: shape.rank)?.filter { shape[$0] > 1 } ?? []
        // One over several axes, or over those of a picture, makes no probabilities of classes.
        guard axes.count == 1, axes[0] > 0, isOfChannels(axes[0], input, shape.rank) else { break }
        found.append(
          (
            place,
            ScorePart(
              value: input, shape: shape.dimensions, link: .softmax, softmax: axes[0],
              joined: joined, output: output)
          ))
      // What a part was cut out of has an order of its own.
      case "Concat": pending += parts(of: node, isCut ? nil : joined)
      case "Max": pending += node.inputs.map { ($0, joined, isCut) }
      case "Mul" where joined == nil && !isCut && isScaled(node): break
      case "Mul": pending += factors(node).map { ($0, joined, isCut) }
      case "NonMaxSuppression": pending.append((node.input(1) ?? "", nil, false))
      case _ where Self.transparent.contains(node.type):
        let cuts = ["Slice", "Split"].contains(node.type)
        pending.append((node.inputs.first ?? "", joined, isCut || cuts))
      default: break
      }
    }
    return found.sorted { $0.place < $1.place }.map(\.part)
  }

  /// What a result is joined of along the numbers of its places, as convolutions or others yield it, in the order of the
  /// graph.
  ///
  /// - Returns: Nothing where a part of it is joined of nothing.
  func joined(behind value: String, output: Int) -> [ScorePart] {
    var found: [(place: Int, part: ScorePart)] = []
    var pending = [value]
    while let value = pending.popLast() {
      guard let place = makers[value] else { return [] }
      let node = graph.nodes[place]
      if node.type == "Concat" {
        let inputs = parts(of: node, nil)
        for (index, (value, joined, _)) in inputs.enumerated() {
          guard let joined else {
            pending.append(value)
            continue
          }
          guard let shape = shapes[value]?.dimensions else { return [] }
          found.append(
            (
              place * 256 + index,
              ScorePart(value: value, shape: shape, link: .none, joined: joined, output: output)
            ))
        }
      } else if Self.arranging.contains(node.type), let input = node.input(0) {
        pending.append(input)
      } else {
        return []
      }
      guard found.count + pending.count <= 256 else { return [] }
    }
    return found.sorted { $0.place < $1.place }.map(\.part)
  }

  /// The scores among which boxes are chosen, with the axis of their classes; the largest of each place's are gone
  /// behind.
  func suppressed(by node: Node) -> (value: String, axis: Int)? {
    guard var value = node.input(1) else { return nil }
    if let shape = shapes[value], shape.rank == 3, shape[1] > 1 { return (value, 1) }
    while let place = makers[value], let input = graph.nodes[place].input(0) {
      let node = graph.nodes[place]
      if node.type == "ReduceMax", let shape = shapes[input], shape.rank == 3,
        let axes = links.axes(of: node, rank: 3), axes.count == 1, axes[0] > 0
      {
        return (input, axes[0])
      }
      guard Self.arranging.contains(node.type) else { return nil }
      value = input
    }
    return nil
  }

  /// Whether a value is what convolutions yield, only arranged: one score an anchor, and none a query.
  func isOfConvolutions(_ value: String) -> Bool {
    let end = links.end(of: value) { Self.arranging.contains($0.type) || $0.type == "Concat" }
    return end?.type == "Conv"
  }

  /// What a sigmoid of classes' scores is multiplied with the sigmoid of, one number for each place: how near it is to the
  /// middle of a thing.
  func factor(of part: ScorePart) -> ScorePart? {
    for node in graph.nodes where node.type == "Mul" && node.inputs.count == 2 {
      let parts = node.inputs.compactMap { input -> ScorePart? in
        guard let sigmoid = links.producer(of: input), sigmoid.type == "Sigmoid" else { return nil }
        return scored(sigmoid, nil, part.output)
      }
      guard parts.count == 2, let own = parts.firstIndex(where: { $0.value == part.value }) else {
        continue
      }
      let other = parts[1 - own]
      if other.shape.last == 1, other.shape.dropLast() == part.shape.dropLast() { return other }
    }
    return nil
  }

  // MARK: Steps

  /// The values that a concatenation joins; each with its place among the numbers where that is what is joined.
  private func parts(of node: Node, _ joined: Range<Int>?) -> [Step] {
    guard let output = node.outputs.first, let shape = shapes[output],
      case let axis = node.int("axis", default: 1), (-shape.rank..<shape.rank).contains(axis),
      isOfNumbers(axis < 0 ? axis + shape.rank : axis, output, shape)
    else { return node.inputs.map { ($0, joined, false) } }
    let place = axis < 0 ? axis + shape.rank : axis
    var first = joined?.lowerBound ?? 0
    return node.inputs.map { input in
      let extent = shapes[input].flatMap { $0.rank == shape.rank ? $0[place] : nil } ?? 0
      defer { first += extent }
      return (input, first..<first + extent, false)
    }
  }

  /// Whether the numbers of a place lie along an axis of a value.
  private func isOfNumbers(_ axis: Int, _ value: String, _ shape: Shape) -> Bool {
    switch (shape.rank, channelAxes[value]) {
    case (5, _): axis == 4
    case (_, .first): axis == 1
    case (_, .last): axis == shape.rank - 1
    case (4, nil): axis == 1
    case (3, nil): axis == (numbers(of: value) ?? (shape[1] < shape[2] ? 1 : 2))
    default: axis == shape.rank - 1
    }
  }

  /// The axis of N×K×P or N×P×K that a map's channels lie along which it is only another shape of.
  private func numbers(of value: String) -> Int? {
    var (value, isTurned) = (value, false)
    while let place = makers[value], let input = graph.nodes[place].input(0),
      let shape = shapes[value], let before = shapes[input]
    {
      let node = graph.nodes[place]
      if before.rank == 4, Self.arranging.contains(node.type), shape.rank == 3 {
        let last = channelAxes[input] == .last || node.type == "Reshape" && shape[1] != before[1]
        return last == isTurned ? 1 : 2
      }
      guard before.rank == 3, ["Transpose", "Concat", "Identity"].contains(node.type) else {
        return nil
      }
      if node.type == "Transpose" { isTurned.toggle() }
      value = input
    }
    return nil
  }

  /// Whether a value is multiplied by one number that makes a range of it, as depths are from 0 to 10: above 1, and not
  /// that of shares in hundredths or of a mask in bytes.
  private func isScaled(_ node: Node) -> Bool {
    let factors = node.inputs.compactMap { graph.constants[$0]?.tensor }.filter { $0.count == 1 }
    return factors.contains { abs($0.scalars[0]) > 1 && ![100, 255].contains($0.scalars[0]) }
  }

  /// Whether a sigmoid only gates what it is of: an activation.
  func isGate(_ node: Node) -> Bool {
    guard let own = node.outputs.first, let input = node.input(0) else { return true }
    return graph.nodes.contains {
      $0.type == "Mul" && $0.inputs.contains(own)
        && ($0.inputs.contains(input) || $0.inputs.allSatisfy { shapes[$0]?.rank == 4 })
    }
  }

  /// Whether channels may lie along an axis of a value.
  private func isOfChannels(_ axis: Int, _ value: String, _ rank: Int) -> Bool {
    switch channelAxes[value] {
    case .first: axis == 1
    case .last: axis == rank - 1
    case nil: rank != 4 || axis == 1
    }
  }

  /// What a sigmoid's scores are chosen from: a list N×places×classes that one picture's, or one scale's, are taken
  /// out of, or a map that makes a list of all places.
  private func scored(_ node: Node, _ joined: Range<Int>?, _ output: Int) -> ScorePart? {
    guard let input = node.input(0), let shape = shapes[input], shape.rank > 1 else { return nil }
    func part(_ value: String, _ shape: Shape, anchors: Int? = nil) -> ScorePart {
      ScorePart(
        value: value, shape: shape.dimensions, link: .sigmoid, joined: joined, output: output,
        anchors: anchors)
    }
    guard shape.rank == 2 else { return part(input, shape) }
    let classes = shape[1]
    var (value, found): (String, ScorePart?) = (input, nil)
    while let place = makers[value],
      ["Gather", "Squeeze", "Slice", "Split", "Reshape", "Identity"].contains(
        graph.nodes[place].type),
      let source = graph.nodes[place].input(0), let before = shapes[source]
    {
      // What is cut along its places is a scale's; the whole has all of them.
      if before.rank == 3, before[0] == 1, before[2] == classes { found = part(source, before) }
      // One number for each place, without its axis.
      if before.rank == 3, before[1] == classes, before[2] == 1, channelAxes[source] == .last {
        found = part(source, before)
      }
      if before.rank == 4, before[0] == 1, shape[0] > 1, graph.nodes[place].type == "Reshape",
        classes > 0,
        before[3] % classes == 0, before.count == shape.count
      {
        return part(source, before, anchors: before[3] / classes)
      }
      if found != nil, before.rank != 3 || before[2] != classes { break }
      value = source
    }
    return found
  }

  /// The factors of a product that may be scores of classes: of two sigmoids that with more numbers a place, the
  /// other being how near a place is to the middle of a thing; none where a sigmoid only gates what it is of, or channels.
  private func factors(_ node: Node) -> [String] {
    for (factor, other) in zip(node.inputs, node.inputs.reversed()) {
      guard let place = makers[factor], graph.nodes[place].type == "Sigmoid" else { continue }
      let own = shapes[factor]?.dimensions ?? []
      let isOfChannels = own.count == 4 && own[2] * own[3] == 1 && shapes[other]?.rank == 4
      if graph.nodes[place].input(0) == other || isOfChannels { return [] }
    }
    let widths = node.inputs.map { input -> Int? in
      guard let place = makers[input], graph.nodes[place].type == "Sigmoid" else { return nil }
      return graph.nodes[place].input(0).flatMap { shapes[$0]?.dimensions.last }
    }
    guard widths.count == 2, let first = widths[0], let second = widths[1], first != second,
      min(first, second) == 1
    else { return node.inputs }
    return [node.inputs[first > second ? 0 : 1]]
  }
}
