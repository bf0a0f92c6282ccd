import Graphs
import Tensors

/// Finds where classes are scored.
struct ScoreFinder {
  let network: Network
  let shapes: [String: Shape]
  let picture: Shape
  let search: ScoreSearch
  /// Networks end in few results; files that are no networks may have any number.
  let outputs: [String]
  let layouts: [String: LayerLayout]
  /// The results that are maps of what is where around each place, beside one of scores: sizes and offsets, edges.
  private(set) var geometry: Set<String> = []

  /// The most results that are looked at.
  private static let mostOutputs = 16

  init(_ network: Network, _ shapes: [String: Shape]) {
    (self.network, self.shapes) = (network, shapes)
    picture = shapes[network.input.name] ?? []
    search = ScoreSearch(network, shapes)
    outputs = Array(network.graph.outputs.prefix(Self.mostOutputs))
    layouts = network.layouts(in: shapes)
    geometry = foundGeometry()
  }

  /// How many labels there are.
  var labels: Int { network.labels.count }

  /// The best that is found: what the choice among boxes is made by, what sigmoids and softmaxes are of, what results are.
  func scores() -> ClassScores? {
    if let chosen = suppressed() { return chosen }
    let linked = self.linked()
    if labels == 0, let linked { return linked }
    // What has exactly as many numbers as there are labels before what has more, and what is said to be scores
    // before what may be.
    let found = [linked, joined(), plain()].compactMap(\.self)
    if let best = found.min(by: { $0.others < $1.others }) { return best }
    return labels > 0 ? behindChoices() : nil
  }

  /// The scores that NonMaxSuppression chooses boxes by.
  private func suppressed() -> ClassScores? {
    for node in network.neededNodes.reversed() where node.type == "NonMaxSuppression" {
      let parts = search.linked(behind: node.input(1) ?? "", output: 0)
      if let scores = choice(among: parts) { return scores }
      guard let (value, axis) = search.suppressed(by: node), let shape = shapes[value],
        labels == 0 || labels == shape[axis], shape.dimensions.allSatisfy({ $0 > 0 })
      else { continue }
      let head = ClassScores.Head(
        value: value, shape: shape.dimensions, axis: axis, first: 0, narrows: false)
      return ClassScores(
        heads: [head], count: shape[axis], link: .none, task: .detection,
        scales: scales(of: [head]))
    }
    return nil
  }

  /// What goes into the sigmoids or softmaxes of all results.
  private func linked() -> ClassScores? {
    let parts = outputs.enumerated().flatMap { place, output in
      isBoxes(output) || isGeometry(output) ? [] : search.linked(behind: output, output: place)
    }
    return choice(among: parts)
  }

  /// Classes among what convolutions yield for boxes and classes, joined scale by scale.
  private func joined() -> ClassScores? {
    let parts = outputs.enumerated().flatMap { search.joined(behind: $1, output: $0) }
    let groups = groups(of: parts, fitting: false)
      .sorted { $0.kind.joined?.lowerBound ?? 0 < $1.kind.joined?.lowerBound ?? 0 }
    let several = groups.filter { $0.parts.count > 1 && $0.sizes.count == $0.parts.count }
    guard several.count == groups.count,
      let found = NumberLayout.classes(among: groups.map(\.kind.extent), labels: labels)
    else { return nil }
    let group = groups[found.classes]
    return made(
      of: group, NumberLayout(count: group.kind.extent),
      objectness: found.objectness.map { groups[$0] })
  }

  /// Results that nothing follows that would say what they are.
  private func plain() -> ClassScores? {
    let parts = outputs.enumerated().compactMap { place, output -> ScorePart? in
      guard !isBoxes(output), !isGeometry(output), labels > 0 || !isFeatures(output) else {
        return nil
      }
      let value = network.logitsOf(output)
      return shapes[value].map {
        ScorePart(value: value, shape: $0.dimensions, link: .none, output: place)
      }
    }
    let groups = groups(of: parts, fitting: false)
    for group in groups where group.parts.count > 1 && group.sizes.count == group.parts.count {
      if let layout = besideBoxes(group, among: groups) { return made(of: group, layout) }
    }
    let found = groups.compactMap { group in
      layout(of: group).flatMap { made(of: group, $0) }.map { (group, $0) }
    }
    if labels > 0 {
      let best = found.min { $0.1.others < $1.1.others }
      return best.flatMap { besideQuality($0.0, among: groups) ?? $0.1 }
    }
    // A single number for each place beside several without boxes of their own is how sure the network is.
    if let (first, _) = found.first, first.kind.rank == 3, first.kind.extent > 4,
      case let places = first.parts[0].shape[3 - first.kind.axes.numbers], !hasBoxes(of: places),
      let score = found.first(where: {
        $0.0.kind.rank == 3 && $0.0.kind.extent == 1 && $0.1.places == places
      })
    {
      return score.1
    }
    // Of scales of several kinds, those of boxes are none of classes, nor is a single number beside others; four are
    // classes beside distributions over distances.
    let several = found.filter { $0.0.parts.count > 1 }
    let classes = several.filter { !NumberLayout.boxes.contains($0.0.kind.extent) }
    let scored = classes.first { $0.0.kind.extent > 1 } ?? classes.first
    let four = several.first { $0.0.kind.extent == 4 }
    let best = scored ?? four ?? several.first ?? found.first
    return best.flatMap { besideQuality($0.0, among: groups) ?? $0.1 }
  }

  /// Scores beside a result of one number for each of their places that is called how sure the network is of a box, which
  /// both probabilities are multiplied for; nil where there is none.
  private func besideQuality(_ group: ScoreParts, among groups: [ScoreParts]) -> ClassScores? {
    guard group.kind.rank == 3, group.kind.extent > 1, group.parts.count == 1,
      let layout = layout(of: group),
      let quality = groups.first(where: { other in
        other.kind.rank == 3 && other.kind.extent == 1 && other.kind.axes == group.kind.axes
          && other.parts.count == 1
          && other.parts[0].shape[3 - other.kind.axes.numbers]
            == group.parts[0].shape[3 - group.kind.axes.numbers]
          && Self.isCalledQuality(outputs[other.parts[0].output])
      })
    else { return nil }
    return made(of: group, layout, objectness: quality)
  }

  /// Whether a result is called how near a place is to the middle of a thing, or how well its box fits.
  private static func isCalledQuality(_ name: String) -> Bool {
    let words = name.lowercased().split { !$0.isLetter }
    return [
      "ctr", "ctrness", "center", "centerness", "centre", "objectness", "obj", "iou", "quality",
    ].contains { word in words.contains { $0 == word } }
  }

  /// Behind what chooses among boxes, where labels tell what is a score.
  private func behindChoices() -> ClassScores? {
    for node in network.graph.nodes.reversed()
    where node.type == "Sigmoid" && !search.isGate(node) {
      guard let input = node.input(0), let shape = shapes[input] else { continue }
      let part = ScorePart(value: input, shape: shape.dimensions, link: .sigmoid, output: 0)
      if let scores = choice(among: [part]), scores.others == 0 { return scores }
    }
    return nil
  }
}
