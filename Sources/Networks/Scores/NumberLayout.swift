/// How the numbers of a detector's place lie behind each other.
struct NumberLayout {
  /// How many are before the classes: a box, an objectness.
  var first = 0
  /// The classes.
  let count: Int
  /// How many anchors have their numbers one behind the other.
  var anchors = 1
  /// What is taken to be so without being said, in words.
  var guess: String?

  /// Whether the number before the classes is an objectness: YOLO's up to version 7, and YOLOX'.
  var hasObjectness: Bool { first == 5 }

  /// How many numbers a detector's boxes have that are no classes, where they lie in a joint map: four edges, or each a
  /// distribution over 16, 17, 32, 33 or 8 distances.
  static let boxes = [4] + distributions + [32]
  /// Those that lie before the classes.
  private static let distributions = [64, 68, 128, 132]

  /// How the numbers of a place lie where labels say how many classes there are.
  ///
  /// - Parameters:
  ///   - extent: All numbers along the axis.
  ///   - labels: How many labels there are.
  ///   - isMap: Whether they lie in a map, with those of several anchors perhaps.
  ///   - isOfAnchors: Whether convolutions make them, anchor by anchor, and not query by query.
  /// - Returns: nil where they do not fit.
  static func fitting(
    _ extent: Int, labels: Int, isMap: Bool, isOfAnchors: Bool
  ) -> NumberLayout? {
    // A class for nothing comes first of anchors (SSD), and last of queries (DETR); of pixels nobody knows.
    if extent == labels + 1, !isMap {
      return NumberLayout(
        first: isOfAnchors ? 1 : 0, count: labels,
        guess: isOfAnchors ? "the first of \(extent) numbers is taken for nothing" : nil)
    }
    // Others have a box before, and perhaps an objectness.
    for more in [0, 5, 4] where extent == labels + more {
      return NumberLayout(first: more, count: labels)
    }
    guard isMap else { return nil }
    // Distributions lie before the classes, but those over 8 distances, NanoDet's, behind.
    for more in distributions where extent == labels + more {
      return NumberLayout(first: more, count: labels)
    }
    if extent == labels + 32 { return NumberLayout(count: labels) }
    for anchors in [2, 3, 5, 6, 9] where extent == anchors * (5 + labels) {
      return NumberLayout(first: 5, count: labels, anchors: anchors)
    }
    return nil
  }

  /// How the channels of several scales' maps lie that one convolution without a window makes and nothing names: those of
  /// three anchors, as YOLO 3 to 7 have them.
  ///
  /// - Parameter channels: How many there are.
  /// - Returns: nil where they are not so many.
  static func ofThreeAnchors(_ channels: Int) -> NumberLayout? {
    guard channels % 3 == 0, channels / 3 > 5 else { return nil }
    let count = channels / 3 - 5
    return NumberLayout(
      first: 5, count: count, anchors: 3,
      guess: "\(channels) channels are taken for 3 anchors of 4 + 1 + \(count) numbers")
  }

  /// How the numbers of rows lie that three anchors have on each of several grids, without boxes anywhere else.
  static func ofRows(_ extent: Int) -> NumberLayout {
    NumberLayout(
      first: 5, count: extent - 5,
      guess: "rows of \(extent) numbers are taken for 4 + 1 + \(extent - 5)")
  }

  /// Which of the parts that a place's numbers are joined of are classes, and which an objectness.
  ///
  /// - Parameters:
  ///   - widths: How many numbers each has, in their order.
  ///   - labels: How many labels there are; 0: none.
  /// - Returns: nil where none can be.
  static func classes(among widths: [Int], labels: Int) -> (classes: Int, objectness: Int?)? {
    guard widths.count > 1 else { return nil }
    // Four are classes beside distributions over distances.
    let wide =
      widths.count == 2 && widths.contains(4)
      ? widths.firstIndex { $0 != 4 && $0 != labels && boxes.contains($0) } : nil
    let first =
      widths[0] == 4 || distributions.contains(widths[0])
      ? 0 : widths.lastIndex(where: boxes.contains)
    guard let box = wide ?? first else { return nil }
    var rest = widths.indices.filter { $0 != box }
    var objectness: Int?
    if widths[box] == 4, rest.count > 1, widths[rest[0]] == 1, rest[0] == box + 1 {
      objectness = rest.removeFirst()
    }
    let found = labels > 0 ? rest.first { widths[$0] == labels } : rest.first
    return found.map { ($0, objectness) }
  }
}
