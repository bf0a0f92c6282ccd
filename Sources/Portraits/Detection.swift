import Foundation
public import Networks
public import Tensors

/// A box that a detector sees a class in.
public struct Detection: Sendable, Hashable {
  /// The class.
  public let index: Int
  /// How sure, 0…1.
  public let confidence: Float
  /// The place among the scores that says so.
  public let place: Int
  /// What of the confidence or the box is a guess, where the file does not say what its numbers are.
  public let guess: String?
  /// The box in shares of the network's picture: left, top, right, bottom.
  public let box: Box

  /// A rectangle in shares of the picture, 0…1.
  public struct Box: Sendable, Hashable {
    /// The edges.
    public let left, top, right, bottom: Float

    /// The part that two boxes share of what both cover.
    func overlap(_ other: Box) -> Float {
      let width = min(right, other.right) - max(left, other.left)
      let height = min(bottom, other.bottom) - max(top, other.top)
      guard width > 0, height > 0 else { return 0 }
      let both = width * height
      return both / (area + other.area - both)
    }

    /// Whether all edges are numbers.
    var isSomewhere: Bool { ![left, top, right, bottom].contains(where: \.isNaN) }

    private var area: Float { max(0, right - left) * max(0, bottom - top) }
  }

  /// Below this confidence nothing is called seen.
  public static let threshold: Float = 0.25
  /// Boxes that share more than this are one.
  static let mostOverlap: Float = 0.45
}

extension Network {
  /// What a detector sees of some classes in a picture, the surest first, each thing once.
  ///
  /// Boxes come from what NonMaxSuppression chooses of, which says what they are but for whether x or y comes first, or
  /// from the result that has four numbers for each place: centre and size, or where the last two are never smaller
  /// than the first two, corners; in pixels, or where none is above 2, in shares of the picture. Where the file decodes none,
  /// those of heads without anchors are decoded as YOLOX and Ultralytics do, those of three anchors as YOLOv5 does.
  ///
  /// - Parameters:
  ///   - classes: The classes; nil: all.
  ///   - input: 1×C×H×W.
  ///   - scores: Where the network scores classes.
  ///   - shapes: What `shapes(inputShape:)` returned.
  ///   - feed: What `input` is.
  ///   - threads: How many threads share the work.
  /// - Returns: Nothing where the network is no detector, or says no boxes.
  /// - Throws: `NetworkError`.
  public func detections(
    of classes: [Int]? = nil, in input: Tensor, scores: ClassScores, shapes: [String: Shape],
    feed: Feed, threads: Int
  ) throws -> [Detection] {
    guard let source = boxes(of: scores, in: shapes) else { return [] }
    let readings = (scores.sources + source.values).map { Reading(.value($0)) }
    let plan = try plan(
      inputShape: input.shape, readings: readings, feed: feed, differentiable: false,
      threads: threads)
    let values = try plan.forward(input)
    let boxes = source.boxes(Array(values.suffix(source.values.count)), picture: input.shape)
    var found: [Detection] = []
    let sureness = ClassConfidences(scores, values: Array(values.dropLast(source.values.count)))
    let guesses = [sureness.guess, source.guess].compactMap(\.self)
    let guess = guesses.isEmpty ? nil : guesses.joined(separator: "; ")
    for index in classes ?? Array(0..<scores.count) {
      let confidences = sureness.of(index)
      for place in ClassScores.best(of: confidences, 300) {
        guard confidences[place] > Detection.threshold, place < boxes.count else { break }
        guard boxes[place].isSomewhere else { continue }
        found.append(
          Detection(
            index: index, confidence: confidences[place], place: place, guess: guess,
            box: boxes[place]))
      }
    }
    var kept: [Detection] = []
    for one in found.sorted(by: { ($1.confidence, $0.place) < ($0.confidence, $1.place) })
    where !kept.contains(where: {
      $0.index == one.index && $0.box.overlap(one.box) > Detection.mostOverlap
    }) {
      kept.append(one)
    }
    return kept
  }
}

extension Network {
  /// Whether a file says where the places of a detector's scores have their boxes.
  ///
  /// - Parameters:
  ///   - scores: Where the network scores classes.
  ///   - shapes: What `shapes(inputShape:)` returned.
  /// - Returns: False also where it has them only beside anchors, or behind a choice among them.
  public func hasBoxes(of scores: ClassScores, in shapes: [String: Shape]) -> Bool {
    boxes(of: scores, in: shapes) != nil
  }

  /// Where the places of a detector's scores have their boxes; nil: nowhere.
  private func boxes(of scores: ClassScores, in shapes: [String: Shape]) -> (any PlacedBoxes)? {
    guard scores.task == .detection else { return nil }
    return BoxSource(self, scores, shapes) ?? RawBoxes(self, scores, shapes)
      ?? AnchoredBoxes(self, scores)
  }

  /// What scores become where they are only turned into probabilities, arranged, or joined with other numbers.
  fileprivate func valuesMade(of scores: Set<String>) -> Set<String> {
    let passing = ScoreSearch.transparent.union(["Sigmoid", "Softmax", "LogSoftmax", "Concat"])
    return graph.nodes.reduce(into: scores) { made, node in
      if passing.contains(node.type), node.inputs.contains(where: made.contains) {
        made.formUnion(node.outputs)
      }
    }
  }

  /// Whether the first numbers of each place are what convolutions yield, only arranged, offsets from anchors and no boxes
  /// yet, or scores.
  fileprivate func isUndecoded(_ value: String, _ scores: ClassScores) -> Bool {
    let arranging: Set<String> = [
      "Reshape", "Transpose", "Slice", "Split", "Squeeze", "Unsqueeze", "Identity",
      "Flatten", "Relu", "Exp", "Concat",
    ]
    var value = value
    // Of what is joined, the first has the first numbers, or is one scale of several.
    while let maker = makers[value], let input = graph.nodes[maker].input(0) {
      let node = graph.nodes[maker]
      if ["Sigmoid", "Softmax"].contains(node.type) {
        return scores.heads.contains { $0.value == input && $0.first != 4 }
      }
      guard arranging.contains(node.type) else { return node.type == "Conv" }
      value = input
    }
    return false
  }
}

/// Boxes of a detector's places.
protocol PlacedBoxes {
  /// The values that they are read from.
  var values: [String] { get }
  /// What of the boxes is a guess, in words.
  var guess: String? { get }
  /// The boxes, one a place, from the values of one picture of a shape.
  func boxes(_ values: [Tensor], picture: Shape) -> [Detection.Box]
}

/// The value that has a detector's boxes.
private struct BoxSource: PlacedBoxes {
  let value: String
  private let axis: Int
  private let places: Int
  /// What NonMaxSuppression takes the four numbers for; nil: it takes none of these.
  private let order: Order?

  private enum Order {
    /// Centre and size.
    case center
    /// Opposite corners; the operator's own, y first, or those of a file that was trained with x first.
    case corners(isDownFirst: Bool)
  }

  /// What of the boxes is a guess.
  var guess: String? {
    guard case .corners(let isDownFirst)? = order else { return nil }
    return "the edges of boxes are taken to be \(isDownFirst ? "y, x, y, x" : "x, y, x, y")"
  }

  /// Finds a value of rank 3 with as many places as there are scores, and four numbers or more for each: first what
  /// boxes are chosen of, then results, then what is on the way to them.
  init?(_ network: Network, _ scores: ClassScores, _ shapes: [String: Shape]) {
    let places = scores.places
    // Places of anchors that share an axis are in another order than boxes are.
    guard scores.heads.allSatisfy({ $0.anchors == 1 }) else { return nil }
    // More than four numbers are a box and scores where the scores are among them.
    let made = network.valuesMade(of: Set(scores.heads.map(\.value)))
    func axis(_ name: String) -> Int? {
      guard var shape = shapes[name]?.dimensions, shape.count > 2, shape[0] == 1 else { return nil }
      // Some have an axis of one class between places and edges.
      if shape.count == 4, shape[1] == places, shape[2] == 1, shape[3] == 4 { shape.remove(at: 2) }
      guard shape.count == 3 else { return nil }
      func isBoxes(_ numbers: Int) -> Bool {
        numbers == 4 || numbers >= 4 + scores.count && made.contains(name)
      }
      let axis = shape[2] == places && isBoxes(shape[1]) ? 1 : 2
      guard axis == 1 || shape[1] == places && isBoxes(shape[2]),
        !scores.heads.contains(where: { $0.value == name }), !network.isUndecoded(name, scores)
      else { return nil }
      return axis
    }
    let chosen = network.graph.nodes.filter { $0.type == "NonMaxSuppression" }
    let values =
      chosen.compactMap { $0.inputs.first } + network.graph.outputs
      + network.graph.nodes.reversed().flatMap(\.outputs)
    let found = values.lazy.compactMap { value in axis(value).map { (value, $0) } }
    guard let (value, axis) = found.first else { return nil }
    (self.value, self.axis, self.places) = (value, axis, places)
    order = chosen.first { $0.inputs.first == value }.map { node in
      // The operator's own order; whether x or y comes first makes no difference to what it chooses.
      node.int("center_point_box", default: 0) == 1
        ? .center : .corners(isDownFirst: network.isChannelsLast)
    }
  }

  var values: [String] { [value] }

  /// The boxes, one a place.
  func boxes(_ values: [Tensor], picture: Shape) -> [Detection.Box] {
    let tensor = values[0]
    let rows = axis == 1 ? tensor.transposed([0, 2, 1]) : tensor
    let width = rows.count / places
    let numbers = rows.scalars
    let four = (0..<places).map { place in (0..<4).map { numbers[place * width + $0] } }
    let isRelative = four.allSatisfy { $0.allSatisfy { abs($0) <= 2 } }
    let (across, down) = isRelative ? (1, 1) : (Float(picture[3]), Float(picture[2]))
    var (areCorners, isDownFirst) = (four.allSatisfy { $0[2] >= $0[0] && $0[3] >= $0[1] }, false)
    switch order {
    case .center?: areCorners = false
    case .corners(let isTurned)?: (areCorners, isDownFirst) = (true, isTurned)
    case nil: break
    }
    return four.map { box in
      let box = isDownFirst ? [box[1], box[0], box[3], box[2]] : box
      let (x, y) = (box[0] / across, box[1] / down)
      let (z, w) = (box[2] / across, box[3] / down)
      return areCorners
        ? Detection.Box(left: min(x, z), top: min(y, w), right: max(x, z), bottom: max(y, w))
        : Detection.Box(left: x - z / 2, top: y - w / 2, right: x + z / 2, bottom: y + w / 2)
    }
  }
}
