import Graphs
import Tensors

extension ScoreFinder {
  /// Parts of one kind together: the scales of a detector.
  ///
  /// Those of several results are one another's scales where each has another number of places.
  ///
  /// - Parameters:
  ///   - parts: The parts.
  ///   - fitting: Whether those are left out that labels do not fit.
  /// - Returns: In the order in which they come first.
  func groups(of parts: [ScorePart], fitting: Bool = true) -> [ScoreParts] {
    var groups: [ScoreParts] = []
    var seen: Set<String> = []
    for part in parts.map(turned) where seen.insert(part.value).inserted {
      guard let axes = axes(of: part, fitting: fitting) else { continue }
      let size = part.shape.reduce(1, *)
      var copy = 0
      while true {
        let kind = ScorePart.Kind(
          joined: part.joined, rank: part.shape.count, axes: axes,
          extent: part.shape[axes.numbers], link: part.link, softmax: part.softmax,
          anchors: part.anchors, copy: copy)
        guard let place = groups.firstIndex(where: { $0.kind == kind }) else {
          groups.append(ScoreParts(kind: kind, parts: [part]))
          break
        }
        if groups[place].parts.allSatisfy({ $0.output == part.output })
          || !groups[place].sizes.contains(size)
        {
          groups[place].parts.append(part)
          break
        }
        copy += 1
      }
    }
    return groups
  }

  /// A part whose axis of one channel was left out, with it; one whose steps lie before the pictures of a batch, as
  /// recurrent networks hand them on, turned around.
  private func turned(_ part: ScorePart) -> ScorePart {
    if part.joined == nil, part.anchors == nil,
      let value = network.onePerPlace(behind: part.value, in: shapes), let shape = shapes[value],
      shape.rank > part.shape.count
    {
      var whole = part
      (whole.value, whole.shape) = (value, shape.dimensions)
      return whole
    }
    if let map = unrolled(part) { return map }
    guard part.shape.count == 3, !part.hasStepsFirst, part.shape[1] == picture[checked: 0],
      part.shape[0] != part.shape[1], !isLastState(part.value), !isBesideBoxes(part)
    else { return part }
    var turned = part
    turned.shape.swapAt(0, 1)
    turned.hasStepsFirst = true
    return turned
  }

  /// The map whose rows follow each other in a part, N×P×K or N×K×P of N×K×H×W or N×H×W×K; nil where something else has
  /// numbers for each of its places, as a detector's boxes are.
  private func unrolled(_ part: ScorePart) -> ScorePart? {
    guard part.joined == nil, part.anchors == nil, part.shape.count == 3, part.link != .none,
      !network.neededNodes.contains(where: { $0.type == "NonMaxSuppression" })
    else { return nil }
    let value = search.links.origin(of: part.value) {
      ["Transpose", "Reshape", "Flatten", "Identity"].contains($0.type)
        && shapes[$0.outputs.first ?? ""]?.rank != 4
    }
    guard network.makers[value] != nil, let map = shapes[value]?.dimensions, map.count == 4,
      map[0] == part.shape[0]
    else {
      return nil
    }
    let axis = network.hasChannelsLast(value) ? 3 : 1
    let places = axis == 1 ? map[2] * map[3] : map[1] * map[2]
    let sides = axis == 1 ? [map[2], map[3]] : [map[1], map[2]]
    guard sides.min() ?? 0 > 1,
      [[places, map[axis]], [map[axis], places]]
        .contains(Array(part.shape.dropFirst())),
      part.softmax.map({ part.shape[$0] == map[axis] }) ?? true, !hasBoxes(of: places),
      !outputs.indices.contains(where: { place in
        place != part.output
          && shapes[outputs[place]].map { $0.rank == 3 && $0.dimensions.contains(places) } ?? false
      })
    else { return nil }
    var whole = part
    (whole.value, whole.shape, whole.isUnrolled) = (value, map, true)
    whole.softmax = part.softmax.map { _ in axis }
    return whole
  }

  /// Whether a value is the state that a recurrent network ends in, of each of its directions, which are no steps.
  private func isLastState(_ value: String) -> Bool {
    var value = value
    while let maker = network.makers[value] {
      let node = network.graph.nodes[maker]
      if ["LSTM", "GRU", "RNN"].contains(node.type) { return node.outputs.first != value }
      guard ["Transpose", "Squeeze", "Unsqueeze", "Reshape", "Identity"].contains(node.type),
        let input = node.input(0)
      else { return false }
      value = input
    }
    return false
  }

  /// Whether another result has a box for each of what would be steps.
  private func isBesideBoxes(_ part: ScorePart) -> Bool {
    outputs.contains { shapes[$0]?.dimensions == [part.shape[0], part.shape[1], 4] }
  }

  /// The axis that a part's numbers lie along, with those of its rows and columns.
  private func axes(of part: ScorePart, fitting: Bool) -> ScorePart.Axes? {
    let shape = part.shape
    let known = network.channelAxes[part.value]
    guard (3...5).contains(shape.count), shape.allSatisfy({ $0 > 0 }),
      shape[0] == 1 || shape[0] == network.input.dimensions.first
    else { return nil }
    var candidates: [ScorePart.Axes]
    switch shape.count {
    case 3:
      // What a list is cut into are steps with the numbers of each behind each other.
      let isList = network.list(behind: part.value, in: shapes) != nil
      let first = known.map { $0 == .first } ?? (!isList && shape[1] < shape[2])
      candidates = (first ? [1, 2] : [2, 1]).map { ScorePart.Axes(numbers: $0) }
      if part.hasStepsFirst { candidates = [ScorePart.Axes(numbers: 2)] }
    case 4:
      let isLast = network.hasChannelsLast(part.value) || part.anchors != nil
      candidates = (isLast ? [3, 1] : [1, 3]).map {
        ScorePart.Axes(
          numbers: $0, grid: .init(rows: $0 == 1 ? 2 : 1, columns: $0 == 1 ? 3 : 2))
      }
      // Where the graph does not tell it, rows and columns as the picture has them do.
      if known == nil, part.anchors == nil,
        candidates.last?.grid.flatMap({ stride(of: shape, $0) }) != nil,
        candidates.first?.grid.flatMap({ stride(of: shape, $0) }) == nil
      {
        candidates.reverse()
      }
    case 5 where network.positionAxes == 3:
      candidates = [ScorePart.Axes(numbers: known == .last ? 4 : 1)]
    case 5:
      let all = [(4, 2, 3), (4, 1, 2), (2, 3, 4)].map {
        ScorePart.Axes(numbers: $0, grid: .init(rows: $1, columns: $2))
      }
      candidates = all.filter { $0.grid.flatMap { stride(of: shape, $0) } != nil } + [all[0]]
    default: return nil
    }
    if let softmax = part.softmax, labels == 0 {
      return candidates.first { $0.numbers == softmax }
    }
    guard fitting, labels > 0, part.anchors == nil else { return candidates.first }
    // Where the graph tells the axis, no other has as many numbers as there are labels but by chance.
    if known != nil, part.softmax == nil, shape.count < 5 {
      candidates = Array(candidates.prefix(1))
    }
    // What labels fit exactly before what has more.
    let fits = candidates.compactMap { axes in layout(part, axes).map { (axes, $0) } }
    return fits.min { $0.1.first < $1.1.first }?.0
  }

  private func layout(_ part: ScorePart, _ axes: ScorePart.Axes) -> NumberLayout? {
    NumberLayout.fitting(
      part.shape[axes.numbers], labels: labels, isMap: axes.grid != nil,
      isOfAnchors: search.isOfConvolutions(part.value))
  }

  /// How the numbers of a group lie; nil where they cannot be classes.
  func layout(of group: ScoreParts) -> NumberLayout? {
    let kind = group.kind
    if let anchors = kind.anchors {
      let count = kind.extent / anchors
      return labels == 0 || labels == count ? NumberLayout(count: count, anchors: anchors) : nil
    }
    if labels > 0 {
      for part in group.parts {
        guard let axes = axes(of: part, fitting: true), axes == kind.axes else { continue }
        return layout(part, axes)
      }
      return nil
    }
    let shape = group.parts[0].shape
    switch kind.rank {
    case 5 where kind.joined?.count != kind.extent && network.positionAxes != 3:
      return kind.extent > 5 ? NumberLayout(first: 5, count: kind.extent - 5) : nil
    case 4
    where group.sizes.count > 1 && group.parts.allSatisfy({ isOfPlaces($0, kind.axes.grid) }):
      let anchored = hasMaps(beside: group) ? nil : NumberLayout.ofThreeAnchors(kind.extent)
      return anchored ?? NumberLayout(count: kind.extent)
    case 3
    where kind.joined == nil && kind.link != .softmax && kind.extent > 5
      && isOfThreeAnchors(group):
      return NumberLayout.ofRows(kind.extent)
    case 3 where kind.link == .none:
      let places = shape[3 - kind.axes.numbers]
      guard shape[1] != shape[2], kind.extent > 1 || hasNumbers(of: places, beside: group) else {
        return nil
      }
      return NumberLayout(count: kind.extent)
    default: return NumberLayout(count: kind.extent)
    }
  }

  /// The classes among what sigmoids or softmaxes are of.
  func choice(among parts: [ScorePart]) -> ClassScores? {
    let groups = groups(of: parts, fitting: false)
    guard labels == 0 else {
      return self.groups(of: parts).compactMap { group in
        layout(of: group).flatMap {
          made(of: group, $0, objectness: objectness(of: group, in: groups))
        }
      }.min { $0.others < $1.others }
    }
    let fitting = groups.compactMap { group in layout(of: group).map { (group, $0) } }
    func isWhole(_ group: ScoreParts) -> Bool {
      group.kind.joined.map { $0.count == group.kind.extent } ?? true
    }
    var left = fitting.contains { isWhole($0.0) } ? fitting.filter { isWhole($0.0) } : fitting
    // What a box is made of lies before what is said of it.
    if left.contains(where: { $0.0.kind.joined?.lowerBound ?? 0 >= 4 }) {
      left.removeAll { $0.0.kind.joined?.upperBound ?? 5 <= 4 }
    }
    guard let first = left.first else { return nil }
    var chosen = first
    for other in left.dropFirst() {
      let isBeside = other.0.parts[0].output == first.0.parts[0].output
      let (width, more) = (chosen.0.kind.extent, other.0.kind.extent)
      if isBeside && other.0.kind.joined != nil && more >= width
        || !isBeside && width == 1 && more > 1 && other.0.parts.count == chosen.0.parts.count
          && other.0.kind.rank == chosen.0.kind.rank && other.0.kind.link == chosen.0.kind.link
      {
        chosen = other
      }
    }
    return made(of: chosen.0, chosen.1, objectness: objectness(of: chosen.0, in: groups))
  }

  /// The objectness that stands before classes in what they are joined of, or that their probabilities are multiplied with.
  private func objectness(of group: ScoreParts, in groups: [ScoreParts]) -> ScoreParts? {
    if group.kind.joined == nil, group.kind.link == .sigmoid {
      let factors = group.parts.compactMap(search.factor)
      guard factors.count == group.parts.count else { return nil }
      return self.groups(of: factors, fitting: false).first {
        $0.parts.count == factors.count && $0.kind.axes == group.kind.axes
      }
    }
    guard group.kind.joined?.lowerBound == 5, group.kind.link == .sigmoid else { return nil }
    return groups.first {
      $0.kind.joined == 4..<5 && $0.kind.extent == 1 && $0.kind.link == .sigmoid
        && $0.kind.rank == group.kind.rank && $0.parts.count == group.parts.count
    }
  }

  /// What nothing in the file tells and is taken to be so, in words.
  private func guess(
    _ scores: ClassScores, _ kind: ScorePart.Kind, isUnrolled: Bool
  ) -> String? {
    let head = scores.heads[0]
    if kind.rank == 3, head.shape[1] == head.shape[2], network.channelAxes[head.value] == nil,
      kind.softmax == nil
    {
      return
        "there are as many classes as places, and nothing tells which are which: classes are taken to lie along "
        + "axis \(head.axis)"
    }
    if kind.rank == 3, scores.count == 4, labels == 0, let four = boxesBesideFour, !four.isTold {
      return
        "two results have four numbers for each place, and nothing says which are boxes: the first are taken for classes"
    }
    guard scores.task == .segmentation, labels == 0, !isSaidToBeClasses else { return nil }
    if isUnrolled, scores.link == .sigmoid {
      return
        "its map is handed out place by place, as a detector's numbers are, and nothing says what its \(scores.count) "
        + "channels are: taken for a segmenter's classes"
    }
    guard [.none, .other].contains(scores.link) else { return nil }
    return
      "nothing says what the \(scores.count) channels of its map are: taken for a segmenter's classes"
  }

  /// Whether a map has as many channels, rows and columns as the picture, and nothing says that they are classes: what
  /// autoencoders and networks for styles make behind a sigmoid.
  private func isLikePicture(_ head: ClassScores.Head) -> Bool {
    guard labels == 0, let grid = head.grid, picture.rank == 4,
      [head.shape[head.axis], head.shape[grid.rows], head.shape[grid.columns]]
        == Array(picture.dimensions.dropFirst())
    else { return false }
    if outputs.contains(where: Self.isCalledClasses) { return false }
    // Of one channel, as U-Nets have it, the file's name is believed; those for noise and blur have three.
    let isOne = head.shape[head.axis] == 1
    return !(isOne && (Self.isCalledClasses(file) || file.lowercased().contains("unet")))
  }

  private static func pictureGuess(_ count: Int) -> String {
    "its map has the channels and the size of the picture, and nothing says what they are: taken for a segmenter's "
      + "\(count == 1 ? "class" : "classes"), and no probabilities made of them"
  }

  /// Whether a result or the file is called what a segmenter's is.
  private var isSaidToBeClasses: Bool {
    (outputs + [file]).contains(where: Self.isCalledClasses)
  }

  /// The file's name, without folders.
  private var file: String { network.path.split(separator: "/").last.map(String.init) ?? "" }

  /// Whether a result or a file is called what classes, or what a segmenter makes, are.
  private static func isCalledClasses(_ name: String) -> Bool {
    NumberKind(named: name) == .classes
      || ["mask", "seg"].contains { name.lowercased().contains($0) }
  }

  /// The scores that a group is.
  func made(
    of group: ScoreParts, _ layout: NumberLayout, objectness: ScoreParts? = nil
  ) -> ClassScores? {
    let kind = group.kind
    func head(_ part: ScorePart, first: Int, anchors: Int) -> ClassScores.Head {
      let own = layouts[part.value]
      let narrows =
        kind.axes.numbers == 1 && own?.form == .channelsFirst && own?.channels == part.shape[1]
      return ClassScores.Head(
        value: part.value, shape: part.shape, axis: kind.axes.numbers, first: first,
        narrows: narrows, anchors: anchors, grid: kind.axes.grid,
        hasStepsFirst: part.hasStepsFirst)
    }
    var heads = group.parts.map { head($0, first: layout.first, anchors: layout.anchors) }
    guard let task = task(of: heads, layout, group) else { return nil }
    if task == .segmentation, heads.count > 1 {
      heads = heads.max { $0.places < $1.places }.map { [$0] } ?? []
    }
    let more = kind.extent / layout.anchors - layout.count
    // A class for nothing is in need of a softmax.
    let hasNothing = kind.link == .none && kind.rank == 3 && more == 1
    // A softmax over something else than what the labels are of is none of theirs.
    var link: Network.Link =
      kind.softmax.map { $0 == kind.axes.numbers } ?? true
      ? (hasNothing ? .softmax : kind.link) : .other
    let isPicture = task == .segmentation && link == .sigmoid && isLikePicture(heads[0])
    if isPicture { link = .none }
    var scores = ClassScores(
      heads: heads, count: layout.count, link: link, task: task,
      scales: task == .detection ? scales(of: heads) : [])
    scores.guess =
      isPicture
      ? Self.pictureGuess(layout.count)
      : layout.guess ?? guess(scores, kind, isUnrolled: group.parts[0].isUnrolled)
    if layout.hasObjectness {
      scores.objectness = group.parts.map { head($0, first: 4, anchors: layout.anchors) }
    } else if let objectness {
      scores.objectness = objectness.parts.map { head($0, first: 0, anchors: 1) }
    }
    return scores
  }
}
