import Graphs
import Plans
public import Tensors

extension Network {
  /// Where a detector or a segmenter scores its classes.
  ///
  /// From its results on, what only arranges numbers is gone back through, to the sigmoid or the softmax that
  /// makes probabilities of scores; where there is none, a result itself may be scores.
  ///
  /// - Parameter shapes: What `shapes(inputShape:)` returned.
  /// - Returns: nil where the network has logits, or nothing of the kind.
  public func classScores(in shapes: [String: Shape]) -> ClassScores? {
    guard logits(in: shapes) == nil else { return nil }
    var search = ScoreSearch(self, shapes)
    // Networks end in few results; files that are no networks may have any number.
    let outputs = graph.outputs.prefix(Self.mostOutputs)
    var found: [ClassScores] = []
    for output in outputs {
      let linked = search.linked(behind: output).filter {
        !isBoxes($0.value, among: outputs, shapes)
      }
      let link = linked.first?.link ?? .none
      let axis = linked.first.flatMap(\.axis)
      if let scores = scores(linked.map(\.value), link: link, along: axis, shapes) {
        found.append(scores)
      }
    }
    for output in outputs
    where !isBoxes(output, among: outputs, shapes) && (!labels.isEmpty || !isEmbedding(output)) {
      let scales = scales(of: output, among: outputs, shapes)
      if let scales, let anchors = anchors(of: scales, among: outputs, shapes) {
        if let scores = scores(scales, anchors: anchors, shapes) { return scores }
      } else if let scores = scores(scales ?? [logitsOf(output)], link: .none, shapes) {
        found.append(scores)
      }
    }
    // What has exactly as many numbers as there are labels before what has more, and what is said to be scores
    // before what may be.
    if let best = found.min(by: { $0.others < $1.others }) { return best }
    // Behind what chooses among boxes, where labels tell what is a score.
    guard !labels.isEmpty else { return nil }
    for node in graph.nodes.reversed() where node.type == "Sigmoid" {
      if let input = node.input(0), let scores = scores([input], link: .sigmoid, shapes),
        scores.heads[0].shape[scores.heads[0].axis] == labels.count
      {
        return scores
      }
    }
    return nil
  }

  /// The most results that are looked at.
  private static let mostOutputs = 16

  /// Whether a value is four numbers for each place that another result has more or fewer numbers for: boxes.
  private func isBoxes(
    _ value: String, among outputs: Array<String>.SubSequence, _ shapes: [String: Shape]
  ) -> Bool {
    guard let shape = shapes[value], shape.rank == 3, shape[2] == 4 || shape[1] == 4 else {
      return false
    }
    let places = shape[2] == 4 ? shape[1] : shape[2]
    guard labels.isEmpty || labels.count != 4 else { return false }
    return outputs.contains { other in
      guard let other = shapes[other], other.rank == 3 else { return false }
      return other[1] == places && other[2] != 4 || other[2] == places && other[1] != 4
    }
  }

  /// The results with as many channels as one of them, each of another size: the scales of a detector.
  private func scales(
    of output: String, among outputs: Array<String>.SubSequence, _ shapes: [String: Shape]
  ) -> [String]? {
    guard let shape = shapes[output], shape.rank == 4 else { return nil }
    let alike = outputs.filter { shapes[$0]?.rank == 4 && shapes[$0]?[1] == shape[1] }
    let sizes = Set(alike.map { shapes[$0]?.dimensions.dropFirst(2).reduce(1, *) ?? 0 })
    return alike.count > 1 && sizes.count == alike.count ? alike : nil
  }

  /// How many anchors have the scores of all classes one after the other in maps: as many as the maps of boxes beside
  /// them have four numbers for.
  ///
  /// - Returns: nil where there are no such maps, or where the maps may as well be the boxes.
  private func anchors(
    of maps: [String], among outputs: Array<String>.SubSequence, _ shapes: [String: Shape]
  ) -> Int? {
    let channels = shapes[maps[0]]?[1] ?? 0
    func sides(_ values: [String]) -> Set<[Int]> {
      Set(values.compactMap { shapes[$0].map { Array($0.dimensions.suffix(2)) } })
    }
    /// The anchors where so many channels are scores and so many are boxes.
    func count(scores: Int, boxes: Int) -> Int? {
      guard boxes > 4, boxes % 4 == 0, scores % (boxes / 4) == 0 else { return nil }
      return labels.isEmpty || scores == boxes / 4 * labels.count ? boxes / 4 : nil
    }
    let others = outputs.filter { !maps.contains($0) && shapes[$0]?.rank == 4 }
    for other in others {
      let boxes = self.scales(of: other, among: outputs, shapes) ?? []
      guard boxes.count == maps.count, sides(boxes) == sides(maps),
        let others = shapes[other]?[1], let found = count(scores: channels, boxes: others),
        count(scores: others, boxes: channels) == nil
      else { continue }
      return found
    }
    return nil
  }

  /// Scores of several anchors in maps of several sizes.
  private func scores(
    _ maps: [String], anchors: Int, _ shapes: [String: Shape]
  ) -> ClassScores? {
    let layouts = layouts(in: shapes)
    let heads = maps.compactMap { value -> ClassScores.Head? in
      guard let shape = shapes[value]?.dimensions else { return nil }
      let layout = layouts[value]
      return ClassScores.Head(
        value: value, shape: shape, axis: 1, first: 0,
        narrows: layout?.form == .channelsFirst && layout?.channels == shape[1], anchors: anchors)
    }
    guard let first = heads.first else { return nil }
    return ClassScores(
      heads: heads, count: first.shape[1] / anchors, link: .none, task: .detection,
      scales: scales(of: heads, shapes[input.name] ?? []))
  }

  /// What an output is made of, past what only chooses the largest.
  package func logitsOf(_ output: String) -> String {
    graph.outputs.firstIndex(of: output).map { logitsValue(output: $0) } ?? output
  }

  /// Scores in some values; nil where they cannot be.
  private func scores(
    _ values: [String], link: Link, along softmax: Int? = nil, _ shapes: [String: Shape]
  ) -> ClassScores? {
    let found = values.compactMap { value in
      (shapes[value]?.dimensions).flatMap { shape in
        classAxis(of: value, shape, link, softmax).map { (value: value, shape: shape, place: $0) }
      }
    }
    // What has exactly as many numbers as there are labels is scores rather than what has more.
    func more(_ one: (value: String, shape: [Int], place: (axis: Int, first: Int, count: Int)))
      -> Int
    {
      one.shape[one.place.axis] - one.place.count
    }
    guard let best = found.min(by: { more($0) < more($1) }) else { return nil }
    let (rank, count) = (best.shape.count, best.place.count)
    let layouts = layouts(in: shapes)
    let heads = found.filter {
      $0.shape.count == rank && $0.place.count == count && more($0) == more(best)
    }.map { value, shape, place in
      let layout = layouts[value]
      let narrows =
        place.axis == 1 && layout?.form == .channelsFirst && layout?.channels == shape[1]
      return ClassScores.Head(
        value: value, shape: shape, axis: place.axis, first: place.first, narrows: narrows)
    }
    let picture = shapes[input.name] ?? []
    let isMap = rank == 4 && heads.count == 1
    // A picture of three colours is what networks for styles and restoration make.
    if isMap, labels.isEmpty, link == .none, [1, 3].contains(count),
      heads[0].shape[heads[0].axis == 1 ? 2 : 1] == picture[checked: 2]
    {
      return nil
    }
    let hasNothing = link == .none && rank == 3 && more(best) == 1
    return ClassScores(
      heads: heads, count: count,
      // A softmax over something else than what the labels are of is none of theirs; a class for nothing is in
      // need of one.
      link: softmax.map { $0 == heads[0].axis } ?? true ? (hasNothing ? .softmax : link) : .other,
      task: isMap ? .segmentation : .detection,
      scales: isMap ? [] : scales(of: heads, picture))
  }

  /// The axis of classes in a value of scores, the first class's place on it and their number; without labels, it is
  /// the one that a softmax goes along.
  private func classAxis(
    of value: String, _ shape: [Int], _ link: Link, _ softmax: Int?
  ) -> (axis: Int, first: Int, count: Int)? {
    guard (3...5).contains(shape.count), shape[0] == 1 || shape[0] == input.dimensions.first else {
      return nil
    }
    let isLast = hasChannelsLast(value)
    let axes =
      shape.count == 4 ? (isLast ? [3, 1] : [1, 3]) : shape.count == 3 ? [1, 2] : [4, 2]
    if !labels.isEmpty {
      // Some have a class for nothing at the end, others a box and an objectness before.
      for (more, first) in [(0, 0), (1, 0), (5, 5), (4, 4)] {
        if let axis = axes.first(where: { shape[$0] == labels.count + more }) {
          return (axis, first, labels.count)
        }
      }
      return nil
    }
    if let softmax { return axes.contains(softmax) ? (softmax, 0, shape[softmax]) : nil }
    switch shape.count {
    case 3:
      guard link != .none || shape[1] != shape[2] else { return nil }
      let axis = shape[1] < shape[2] ? 1 : 2
      return shape[axis] > 1 || link != .none ? (axis, 0, shape[axis]) : nil
    case 4: return (axes[0], 0, shape[axes[0]])
    default: return shape[4] > 5 ? (4, 5, shape[4] - 5) : nil
    }
  }

  /// The grids that places lie on, where they add up.
  private func scales(of heads: [ClassScores.Head], _ picture: Shape) -> [ClassScores.Scale] {
    guard picture.rank == 4 else { return [] }
    if heads[0].shape.count > 3 {
      return heads.compactMap { head in
        let sides = [head.shape[2], head.shape[3]]
        guard sides[0] > 0 else { return nil }
        return ClassScores.Scale(
          stride: picture[2] / sides[0], width: sides[1], height: sides[0],
          anchors: head.places / max(1, sides[0] * sides[1]))
      }
    }
    let places = heads.reduce(0) { $0 + $1.places }
    for strides in [
      [8, 16, 32], [8, 16, 32, 64], [16, 32], [4, 8, 16, 32], [8, 16, 32, 64, 128], [16], [32],
    ] {
      for anchors in [1, 2, 3, 6, 9] {
        let scales = strides.map { stride in
          ClassScores.Scale(
            stride: stride, width: (picture[3] + stride - 1) / stride,
            height: (picture[2] + stride - 1) / stride, anchors: anchors)
        }
        if scales.reduce(0, { $0 + $1.count }) == places { return scales }
      }
    }
    return []
  }

  /// The unit of a class: its logit, or its score.
  package func classUnit(_ index: Int, in shapes: [String: Shape]) -> NetworkUnit {
    if logits(in: shapes) == nil, let scores = classScores(in: shapes) {
      return unit(.score(index, of: scores, places: nil))
    }
    return unit(.logit(index))
  }
}

/// The way back from a result to what its probabilities are made of.
private struct ScoreSearch {
  private let graph: Graph
  private let makers: [String: Int]
  private let shapes: [String: Shape]
  private let search: LinkSearch
  private let channelAxes: [String: ChannelAxis]
  private var seen = Set<String>()

  init(_ network: Network, _ shapes: [String: Shape]) {
    (graph, makers, self.shapes) = (network.graph, network.makers, shapes)
    search = LinkSearch(network.graph, makers: network.makers)
    channelAxes = network.channelAxes
  }

  /// What only arranges or chooses numbers, and what joins a score with another.
  private static let transparent: Set<String> = [
    "Concat", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Slice", "Split", "Gather",
    "GatherElements", "GatherND", "TopK", "Identity", "Cast", "Mul", "ReduceMax", "ArgMax",
    "Expand",
    "Clip", "Max", "Tile", "Dropout", "Sqrt",
  ]

  /// What a sigmoid's scores are chosen from: a list N×places×classes that one picture's, or one scale's, are taken
  /// out of.
  private func scored(_ input: String) -> String? {
    guard let rank = shapes[input]?.rank, rank > 1 else { return nil }
    guard rank == 2, let classes = shapes[input]?[1] else { return input }
    var (value, found): (String, String?) = (input, nil)
    while let place = makers[value],
      ["Gather", "Squeeze", "Slice", "Split", "Reshape", "Identity"].contains(
        graph.nodes[place].type),
      let source = graph.nodes[place].input(0), let shape = shapes[source]
    {
      // What is cut along its places is a scale's; the whole has all of them.
      if shape.rank == 3, shape[0] == 1, shape[2] == classes { found = source }
      if found != nil, shape.rank != 3 || shape[2] != classes { break }
      value = source
    }
    return found
  }

  /// The factors of a product that may be scores of classes: of two sigmoids that with more numbers a place, the
  /// other being how near a place is to the middle of a thing.
  private func factors(_ node: Node) -> [String] {
    let widths = node.inputs.map { input -> Int? in
      guard let place = makers[input], graph.nodes[place].type == "Sigmoid" else { return nil }
      return graph.nodes[place].input(0).flatMap { shapes[$0]?.dimensions.last }
    }
    guard widths.count == 2, let first = widths[0], let second = widths[1], first != second,
      min(first, second) == 1
    else { return node.inputs }
    return [node.inputs[first > second ? 0 : 1]]
  }

  /// Whether channels may lie along an axis of a value.
  private func isOfChannels(_ axis: Int, _ value: String, _ rank: Int) -> Bool {
    switch channelAxes[value] {
    case .first: axis == 1
    case .last: axis == rank - 1
    case nil: rank != 4 || axis == 1
    }
  }

  /// What goes into the sigmoids or softmaxes that a result is made of, in the order of the graph.
  mutating func linked(
    behind output: String
  ) -> [(value: String, link: Network.Link, axis: Int?)] {
    var found: [(place: Int, value: String, link: Network.Link, axis: Int?)] = []
    var pending = [output]
    seen = []
    while let value = pending.popLast() {
      guard seen.insert(value).inserted, let place = makers[value] else { continue }
      let node = graph.nodes[place]
      switch node.type {
      case "Sigmoid":
        if let input = node.input(0), let source = scored(input),
          !found.contains(where: { $0.value == source })
        {
          found.append((place, source, .sigmoid, nil))
        }
      case "Softmax", "LogSoftmax":
        guard let input = node.input(0), let shape = shapes[input], shape.rank > 2 else { break }
        let axes = search.axes(of: node, rank: shape.rank)?.filter { shape[$0] > 1 } ?? []
        // One over several axes, or over those of a picture, makes no probabilities of classes.
        guard axes.count == 1, axes[0] > 0, isOfChannels(axes[0], input, shape.rank) else { break }
        found.append((place, input, .softmax, axes[0]))
      case _ where Self.transparent.contains(node.type):
        let isJoint = ["Concat", "Max"].contains(node.type)
        pending +=
          node.type == "Mul" ? factors(node) : isJoint ? node.inputs : [node.inputs.first ?? ""]
      default: break
      }
    }
    return found.sorted { $0.place < $1.place }.map { ($0.value, $0.link, $0.axis) }
  }
}
