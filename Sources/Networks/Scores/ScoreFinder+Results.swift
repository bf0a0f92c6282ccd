import Blocks
import Graphs
import Tensors

extension ScoreFinder {
  // MARK: Boxes

  /// Whether a result is four numbers for each place that another result has more or fewer numbers for, or is called
  /// so: boxes.
  func isBoxes(_ value: String) -> Bool {
    guard let shape = shapes[value]?.dimensions else { return false }
    if shape.count == 4 { return shape[2] == 1 && shape[3] == 4 && places(shape[1], beside: value) }
    guard shape.count == 3, shape[2] == 4 || shape[1] == 4 else { return false }
    if value.lowercased().contains("box") { return true }
    if let four = boxesBesideFour { return value == four.boxes }
    // Four labels are of what a sigmoid or a softmax is of.
    guard labels != 4 || search.linked(behind: value, output: 0).isEmpty else { return false }
    return places(shape[2] == 4 ? shape[1] : shape[2], beside: value)
  }

  /// Of two results that have four numbers for each of the same places, boxes and as many classes, the boxes.
  ///
  /// Also whether their name or what makes them tells that; nil where results are others, something is behind them, or
  /// one number for each place is the score of a single class as well.
  var boxesBesideFour: (boxes: String, isTold: Bool)? {
    let fours = outputs.filter {
      shapes[$0].map { $0.rank == 3 && $0[2] == 4 && $0[1] > 1 } ?? false
        && search.linked(behind: $0, output: 0).isEmpty
    }
    guard fours.count == 2, let places = shapes[fours[0]]?[1], shapes[fours[1]]?[1] == places,
      !outputs.contains(where: { output in
        shapes[output].map { $0.rank == 3 && $0[1] == places && $0[2] > 1 && $0[2] != 4 } ?? false
      })
    else { return nil }
    let told = fours.first { name in
      ["box", "reg", "loc"].contains { name.lowercased().contains($0) } || isOfDistances(name)
    }
    let boxes = told ?? fours[1]
    // Boxes decoded and not, beside a score: four are classes only where something says so.
    let hasScore = outputs.contains { output in
      shapes[output].map { $0.dimensions.dropFirst().sorted() == [1, places] } ?? false
    }
    let classes = boxes == fours[0] ? fours[1] : fours[0]
    guard !hasScore || labels == 4 || Self.namesScores(classes) || isOfDistances(boxes) else {
      return nil
    }
    return (boxes, told != nil)
  }

  /// Whether a result is called what scores of classes are.
  private static func namesScores(_ name: String) -> Bool {
    ["cls", "class", "logit", "score", "conf"].contains { name.lowercased().contains($0) }
  }

  /// Whether a result is what a rectifier or an exponential makes of each number, scale by scale, as distances are.
  private func isOfDistances(_ value: String) -> Bool {
    let end = search.links.end(of: value) {
      network.graph.role(of: $0) == .renaming
        || ["Transpose", "Reshape", "Concat"].contains($0.type)
    }
    return end.map { ["Relu", "Exp"].contains($0.type) } ?? false
  }

  /// Whether another result has some other number than four for each of so many places.
  private func places(_ places: Int, beside value: String) -> Bool {
    places > 1
      && outputs.contains { other in
        guard other != value, let other = shapes[other], other.rank == 3 else { return false }
        return other[1] == places && other[2] != 4 || other[2] == places && other[1] != 4
      }
  }

  /// Whether a result, or four numbers in the graph, say something of each of so many places beside their scores.
  func hasNumbers(of places: Int, beside group: ScoreParts) -> Bool {
    let own = Set(group.parts.map(\.output))
    return hasBoxes(of: places)
      || outputs.indices.contains { output in
        guard !own.contains(output), let shape = shapes[outputs[output]] else { return false }
        return shape.rank > 2 && shape[1] == places && shape[2] >= 4
      }
  }

  /// Whether the graph has four numbers for each of so many places.
  func hasBoxes(of places: Int) -> Bool {
    shapes.values.contains { shape in
      shape.rank == 3
        && (shape[1] == places && shape[2] == 4 || shape[2] == places && shape[1] == 4)
    }
  }

  // MARK: Maps

  /// Whether a result is no map of scores but of what is where; labels tell that otherwise.
  func isGeometry(_ value: String) -> Bool {
    labels == 0 && geometry.contains(value)
  }

  /// Finds them among the results.
  func foundGeometry() -> Set<String> {
    let maps = outputs.filter { shapes[$0]?.rank == 4 }
    var found = Set<String>()
    for map in maps {
      let (own, numbers) = extents(of: map)
      guard [2, 4, 5].contains(numbers), !isLinked(map), (picture[checked: 2] ?? 0) >= 2 * own[0]
      else { continue }
      let alike = maps.filter { extents(of: $0).sides == own && $0 != map }
      let scores = alike.filter { ![2, 4, 5].contains(extents(of: $0).numbers) }
      // Four are classes beside distributions over distances alone.
      let isClasses =
        numbers == 4 && alike.count == 1
        && NumberLayout.boxes.contains(extents(of: alike[0]).numbers)
      if alike.contains(where: isLinked) || scores.count == 1 && !isClasses { found.insert(map) }
    }
    return found
  }

  /// Whether maps beside one have four numbers or more of what is around each of its places.
  private func hasGeometry(_ head: ClassScores.Head) -> Bool {
    guard let grid = head.grid else { return false }
    let own = [head.shape[grid.rows], head.shape[grid.columns]]
    let beside = geometry.map(extents).filter { $0.sides == own }
    return beside.reduce(0) { $0 + $1.numbers } >= 4
  }

  /// Rows and columns of a map, and how many numbers each of its places has.
  private func extents(of map: String) -> (sides: [Int], numbers: Int) {
    guard let shape = shapes[map], shape.rank == 4 else { return ([0, 0], 0) }
    return network.hasChannelsLast(map)
      ? ([shape[1], shape[2]], shape[3]) : ([shape[2], shape[3]], shape[1])
  }

  /// Whether a sigmoid or a softmax makes a result.
  private func isLinked(_ output: String) -> Bool {
    var value = output
    while let node = search.links.producer(of: value), let input = node.input(0) {
      if ["Sigmoid", "Softmax"].contains(node.type) { return true }
      if network.graph.role(of: node) == .renaming || node.type == "Transpose" {
        value = input
      } else if node.type == "Mul", node.inputs.contains(where: isChoice),
        let kept = node.inputs.first(where: { !isChoice($0) })
      {
        value = kept
      } else {
        return false
      }
    }
    return false
  }

  /// Whether a value says of each number whether it is kept, as of a heat map's only the peaks are.
  private func isChoice(_ value: String) -> Bool {
    let end = search.links.end(of: value) { network.graph.role(of: $0) == .renaming }
    return end.map { network.graph.role(of: $0) == .step } ?? false
  }

  /// Whether a convolution without a window makes a map with a place for every eighth pixel at most.
  func isOfPlaces(_ part: ScorePart, _ grid: ClassScores.Head.Grid?) -> Bool {
    guard let grid, stride(of: part.shape, grid).map({ $0 >= 8 }) ?? false else { return false }
    let end = search.links.end(of: part.value) { ["Transpose", "Identity"].contains($0.type) }
    guard let end, end.type == "Conv" else { return false }
    let weights = end.input(1).flatMap { network.graph.constants[$0]?.shape }
    return weights?.dimensions.dropFirst(2).allSatisfy { $0 == 1 } ?? false
  }

  /// Whether another result is a map on one of the grids of a group's.
  func hasMaps(beside group: ScoreParts) -> Bool {
    guard let grid = group.kind.axes.grid else { return false }
    let own = Set(group.parts.map(\.output))
    let sides = Set(group.parts.map { [$0.shape[grid.rows], $0.shape[grid.columns]] })
    return outputs.indices.contains {
      !own.contains($0) && sides.contains(extents(of: outputs[$0]).sides)
    }
  }

  /// Whether rows are as many as three anchors have on several grids, and nothing else has their boxes: YOLO's rows.
  func isOfThreeAnchors(_ group: ScoreParts) -> Bool {
    let axis = group.kind.axes.numbers
    let heads = group.parts.map {
      ClassScores.Head(value: $0.value, shape: $0.shape, axis: axis, first: 0, narrows: false)
    }
    return heads.count == 1 && !hasNumbers(of: heads[0].places, beside: group)
      && isOfScales(heads) && scales(of: heads).allSatisfy { $0.anchors == 3 }
  }

  /// How many anchors have the scores of all classes one after the other in maps: as many as the maps of boxes beside
  /// them have four numbers for.
  ///
  /// - Returns: nil where there are no such maps, or where the maps may as well be the boxes.
  func besideBoxes(_ group: ScoreParts, among groups: [ScoreParts]) -> NumberLayout? {
    guard group.kind.rank == 4 else { return nil }
    /// The anchors where so many channels are scores and so many are boxes.
    func count(scores: Int, boxes: Int) -> Int? {
      guard boxes > 4, boxes % 4 == 0, scores % (boxes / 4) == 0 else { return nil }
      return labels == 0 || scores == boxes / 4 * labels ? boxes / 4 : nil
    }
    func sides(_ group: ScoreParts) -> Set<[Int]> {
      guard let grid = group.kind.axes.grid else { return [] }
      return Set(group.parts.map { [$0.shape[grid.rows], $0.shape[grid.columns]] })
    }
    for other in groups where other.kind != group.kind && sides(other) == sides(group) {
      let (scores, boxes) = (group.kind.extent, other.kind.extent)
      if let anchors = count(scores: scores, boxes: boxes),
        count(scores: boxes, boxes: scores) == nil
      {
        return NumberLayout(count: scores / anchors, anchors: anchors)
      }
    }
    return nil
  }

  // MARK: Features

  /// Whether a result is an embedding, what a rectifier, a pooling or a normalization makes, or one of maps that get
  /// smaller and deeper: features, and no scores.
  func isFeatures(_ output: String) -> Bool {
    if network.isEmbedding(output) { return true }
    let maps = outputs.compactMap { shapes[$0] }.filter { $0.rank == 4 && $0[2] > 1 }
      .sorted { $0[2] > $1[2] }
    if shapes[output]?.rank == 4, maps.count > 1,
      zip(maps, maps.dropFirst()).allSatisfy({ $0[2] > $1[2] && $0[1] < $1[1] })
    {
      return true
    }
    let end = search.links.end(of: output) { network.graph.role(of: $0) == .renaming }
    guard let end else { return false }
    switch network.graph.role(of: end) {
    case .normalization: return end.type != "BatchNormalization"
    case .clamp(let clamp): return clamp.upper > 1
    case .elementwise: return Self.activations.contains(end.type)
    case .arithmetic(.multiplication):
      return end.inputs.contains { factor in
        search.links.producer(of: factor).map { network.graph.role(of: $0) == .gate } ?? false
      }
    default: return end.type.hasSuffix("Pool")
    }
  }

  private static let activations: Set<String> = [
    "LeakyRelu", "Elu", "Selu", "Celu", "Gelu", "PRelu", "HardSwish", "Swish", "Mish", "QuickGelu",
  ]

  // MARK: Tasks

  /// What scores are for; nil where they are none.
  func task(
    of heads: [ClassScores.Head], _ layout: NumberLayout, _ group: ScoreParts
  ) -> ClassScores.Task? {
    let kind = group.kind
    let more = kind.extent / layout.anchors - layout.count
    guard let largest = heads.max(by: { $0.places < $1.places }) else { return nil }
    if let grid = largest.grid {
      if kind.rank == 5 || layout.anchors > 1 || kind.joined != nil || hasGeometry(largest) {
        return .detection
      }
      let rows = largest.shape[grid.rows]
      // A picture of three colours is what networks for styles and restoration make.
      if labels == 0, kind.link == .none, [1, 3].contains(layout.count),
        rows == picture[checked: 2]
      {
        return nil
      }
      let isFine = (picture[checked: 2] ?? 0) < 4 * rows
      return heads.count == 1 || isFine ? .segmentation : .detection
    }
    // Volumes and signals have no boxes: a score at each voxel or step.
    if network.positionAxes == 3, kind.rank == 5 {
      let isVolume =
        kind.link == .none && layout.count == 1
        && largest.places == picture.count / (network.colorChannels ?? 1)
      return more == 0 && !(labels == 0 && isVolume) ? .segmentation : nil
    }
    if network.positionAxes == 1, kind.joined == nil { return more == 0 ? .sequence : nil }
    let places = largest.shape[3 - kind.axes.numbers]
    if kind.joined != nil || more > 1 || heads.count > 1
      || hasNumbers(of: places, beside: group)
      || isOfScales(heads)
    {
      return .detection
    }
    // Each step of a text has a sign for nothing among its own.
    return more == 0 ? .sequence : nil
  }

  // MARK: Grids

  /// Whether places are as many as on several grids within the picture.
  private func isOfScales(_ heads: [ClassScores.Head]) -> Bool {
    let strides = scales(of: heads).map(\.stride)
    return strides.count > 1
      && strides.allSatisfy { $0 <= max(picture[checked: 2] ?? 0, picture[checked: 3] ?? 0) }
  }

  /// Pixels from one column to the next, where it is the same as from row to row: a power of two where one fits, the last
  /// cells standing out of the picture.
  func stride(of shape: [Int], _ grid: ClassScores.Head.Grid) -> Int? {
    let (rows, columns) = (shape[grid.rows], shape[grid.columns])
    guard picture.rank == 4, rows > 0, columns > 0 else { return nil }
    let power = (0...10).map { 1 << $0 }.first { stride in
      (picture[2] + stride - 1) / stride == rows && (picture[3] + stride - 1) / stride == columns
    }
    if let power { return power }
    let (down, across) = (
      picture[2].quotientAndRemainder(dividingBy: rows),
      picture[3].quotientAndRemainder(dividingBy: columns)
    )
    return down.remainder == 0 && across.remainder == 0 && down.quotient == across.quotient
      ? down.quotient : nil
  }

  /// The grids that places lie on, where they add up.
  func scales(of heads: [ClassScores.Head]) -> [ClassScores.Scale] {
    // A signal has no rows to lie on.
    guard picture.rank == 4, network.positionAxes == 2 else { return [] }
    if heads.allSatisfy({ $0.grid != nil }) {
      return heads.compactMap { head in
        guard let grid = head.grid, case let rows = head.shape[grid.rows], rows > 0 else {
          return nil
        }
        let columns = head.shape[grid.columns]
        return ClassScores.Scale(
          stride: stride(of: head.shape, grid) ?? picture[2] / rows, width: columns, height: rows,
          anchors: head.places / max(1, rows * columns))
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
}
