public import Tensors

/// Where a detector or a segmenter scores its classes: at many places of the picture, before the sigmoid or softmax.
public struct ClassScores: Sendable, Hashable {
  /// What the scores are for.
  public enum Task: String, Sendable, Hashable {
    /// Boxes: a score a class at each anchor, query or step.
    case detection
    /// Masks: a score a class at each pixel.
    case segmentation
  }

  /// A value of the graph that holds scores; some networks have one for each scale.
  public struct Head: Sendable, Hashable {
    /// The value.
    public let value: String
    /// Its extents.
    public let shape: [Int]
    /// The axis that classes lie along.
    public let axis: Int
    /// The place of the first class along it.
    public let first: Int
    /// Whether a reading of some channels reads classes.
    public let narrows: Bool
    /// How many anchors lie along the axis of classes, each with the scores of all classes; 1 where places are apart.
    public var anchors = 1

    /// How many places it scores.
    public var places: Int { shape.dropFirst().reduce(1, *) / shape[axis] * anchors }

    /// Where a class lies along the axis: a place an anchor.
    ///
    /// - Parameters:
    ///   - index: The class.
    ///   - count: How many classes there are.
    /// - Returns: As many places as anchors.
    public func channels(of index: Int, among count: Int) -> [Int] {
      (0..<anchors).map { first + $0 * count + index }
    }
  }

  /// The values, in the order of their places.
  public let heads: [Head]
  /// How many classes there are.
  public let count: Int
  /// What the network makes of a score.
  public let link: Network.Link
  /// What they are for.
  public let task: Task
  /// The columns and rows that places stand for, by scale; empty where that is not known.
  public let scales: [Scale]

  /// Places that lie on one grid, one after the other.
  public struct Scale: Sendable, Hashable {
    /// Pixels from one column to the next.
    public let stride: Int
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// How many grids of the kind follow each other.
    public let anchors: Int

    /// How many places there are.
    public var count: Int { width * height * anchors }
  }

  /// How many numbers a place has beside those of the classes.
  var others: Int { heads.first.map { $0.shape[$0.axis] - count * $0.anchors } ?? 0 }

  /// How many places there are.
  public var places: Int { heads.reduce(0) { $0 + $1.places } }

  /// The scale that a place is on; nil where that is not known.
  public func scale(of place: Int) -> Scale? {
    var first = 0
    for scale in scales {
      if place < first + scale.count { return scale }
      first += scale.count
    }
    return nil
  }

  /// How many places a class is read at where a picture has nothing of it.
  public static let bestCount = 10

  /// The places with the highest scores, the highest first.
  ///
  /// - Parameters:
  ///   - scores: One a place.
  ///   - count: How many.
  /// - Returns: At most so many places.
  public static func best(of scores: [Float], _ count: Int = bestCount) -> [Int] {
    scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(count).map(\.self)
  }

  /// The scores of one class, one a place.
  ///
  /// - Parameters:
  ///   - index: The class.
  ///   - values: Each head's value, of one picture, as the graph has it.
  /// - Returns: As many numbers as there are places.
  public func scores(of index: Int, in values: [Tensor]) -> [Float] {
    zip(heads, values).flatMap { head, value in
      value.gathered(head.channels(of: index, among: count), alongAxis: head.axis).scalars
    }
  }
}
