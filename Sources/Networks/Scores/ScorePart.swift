import Graphs
import Tensors

/// A value that may be a detector's or a segmenter's scores, and how it stands among the numbers of its places.
struct ScorePart {
  /// The value, before its sigmoid or softmax.
  var value: String
  /// Its extents.
  var shape: [Int]
  /// Whether steps lie before the pictures of a batch in the value, whose extents are turned around here.
  var hasStepsFirst = false
  /// What becomes of it.
  let link: Network.Link
  /// The axis that a softmax goes along.
  var softmax: Int?
  /// Where it stands among the numbers of a place, where it is joined with others: boxes, objectness, classes.
  var joined: Range<Int>?
  /// The place of the result that it belongs to.
  let output: Int
  /// Whether it is a map whose rows the graph hands out behind each other, as it does a detector's places.
  var isUnrolled = false
  /// How many anchors lie along the axis of its numbers, where the graph says it.
  var anchors: Int?

  /// The axis that the numbers of a place lie along, and those of rows and columns.
  struct Axes: Hashable {
    let numbers: Int
    var grid: ClassScores.Head.Grid?
  }

  /// What parts have in common that lie on several scales.
  struct Kind: Hashable {
    let joined: Range<Int>?
    let rank: Int
    let axes: Axes
    let extent: Int
    let link: Network.Link
    let softmax: Int?
    let anchors: Int?
    /// Apart for results, which each may have the same numbers for something else.
    let copy: Int
  }
}

/// Parts of one kind: the scales of a detector, or a single value.
struct ScoreParts {
  let kind: ScorePart.Kind
  var parts: [ScorePart]

  /// How many results, or scales of one, have each number of places.
  var sizes: Set<Int> { Set(parts.map { $0.shape.reduce(1, *) }) }
}
