import Foundation
public import Tensors

/// Where a detector or a segmenter scores its classes: at many places of the picture, before the sigmoid or softmax.
public struct ClassScores: Sendable, Hashable {
  /// What the scores are for.
  public enum Task: String, Sendable, Hashable {
    /// Boxes: a score a class at each anchor, query or step.
    case detection
    /// Masks: a score a class at each pixel.
    case segmentation
    /// A text or another row of choices: a score a class at each step.
    case sequence
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
    /// How many anchors lie along the axis of classes, one behind the other; 1 where places are apart.
    public var anchors = 1
    /// The axes of rows and columns; nil where places lie in one row.
    public var grid: Grid?
    /// Whether the steps of a text lie before the pictures of a batch, steps×N×classes; `shape` and `axis` are those of
    /// the value turned around, N×steps×classes.
    public var hasStepsFirst = false

    /// Axes of rows and columns.
    public struct Grid: Sendable, Hashable {
      /// The axis that rows follow each other along, and that of columns.
      public let rows, columns: Int
    }

    /// How many places it scores.
    public var places: Int { shape.dropFirst().reduce(1, *) / shape[axis] * anchors }

    /// How many numbers lie along the axis for each anchor: those of its classes and what lies beside them.
    public var step: Int { shape[axis] / anchors }

    /// Whether the anchors of a grid follow each other as whole grids, and not cell by cell.
    public var hasAnchorsFirst: Bool {
      guard let grid else { return true }
      let others = (1..<shape.count).filter { ![axis, grid.rows, grid.columns].contains($0) }
      return (others.first ?? axis) < grid.rows
    }

    /// The order of axes in which `shape` is that of the value; nil: its own.
    public var order: [Int]? { hasStepsFirst ? [1, 0, 2] : nil }

    /// Where a class lies along the axis: a place an anchor.
    ///
    /// - Parameter index: The class.
    /// - Returns: As many places as anchors.
    public func channels(of index: Int) -> [Int] {
      (0..<anchors).map { first + $0 * step + index }
    }
  }

  /// The values, in the order of their places.
  public let heads: [Head]
  /// Where stands how sure the network is that a place shows anything at all, for each head; empty: nowhere.
  ///
  /// A class is seen there with both probabilities, multiplied.
  public var objectness: [Head] = []
  /// How many classes there are.
  public let count: Int
  /// What the network makes of a score.
  public let link: Network.Link
  /// What they are for.
  public let task: Task
  /// The columns and rows that places stand for, by scale; empty where that is not known.
  public let scales: [Scale]
  /// What of this no file says and is taken to be so, in words; nil: nothing.
  public var guess: String?

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
  var others: Int { heads.first.map { $0.step - count } ?? 0 }

  /// The values that classes are read from, those of scores and then those of objectness.
  public var sources: [String] { (heads + objectness).map(\.value) }

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
    if count == 1 {
      return scores.indices.max { (scores[$0], $1) < (scores[$1], $0) }.map { [$0] } ?? []
    }
    return scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(count).map(\.self)
  }

  /// The scores of one class, one a place.
  ///
  /// - Parameters:
  ///   - index: The class.
  ///   - values: What `sources` are of one picture, as the graph has them.
  /// - Returns: As many numbers as there are places.
  public func scores(of index: Int, in values: [Tensor]) -> [Float] {
    Self.gathered(index, of: heads, in: values)
  }

  /// One of the numbers that lie along the axis of classes, of each place, such as an edge of its box.
  ///
  /// - Parameters:
  ///   - number: Which, from the first number of a place on.
  ///   - values: What the heads' values are of one picture, as the graph has them.
  /// - Returns: As many numbers as there are places.
  public func numbers(_ number: Int, in values: [Tensor]) -> [Float] {
    zip(heads, values).flatMap { Self.gathered(number - $0.first, of: [$0], in: [$1]) }
  }

  /// How sure the network is that a place shows anything, before the sigmoid, one a place.
  ///
  /// - Parameter values: What `sources` are of one picture, as the graph has them.
  /// - Returns: As many numbers as there are places; nothing where it does not say that.
  public func objectness(in values: [Tensor]) -> [Float] {
    Self.gathered(0, of: objectness, in: Array(values.dropFirst(heads.count)))
  }

  /// What places are put in order by: a class's scores, or where there is an objectness, the logarithm of both
  /// probabilities' product.
  ///
  /// - Parameters:
  ///   - scores: A class's, one a place.
  ///   - objectness: One a place, or none.
  /// - Returns: As many numbers.
  public static func ranks(_ scores: [Float], _ objectness: [Float]) -> [Float] {
    guard !objectness.isEmpty else { return scores }
    func logarithm(_ x: Float) -> Float { min(x, 0) - log1p(exp(-abs(x))) }
    return zip(scores, objectness).map { logarithm($0) + logarithm($1) }
  }

  private static func gathered(_ index: Int, of heads: [Head], in values: [Tensor]) -> [Float] {
    zip(heads, values).flatMap { head, value in
      (head.order.map(value.transposed) ?? value)
        .gathered(head.channels(of: index), alongAxis: head.axis).scalars
    }
  }
}
