import Foundation
import Networks
import Tensors

/// How sure a detector or segmenter is of a class at each place.
struct ClassConfidences {
  private let scores: ClassScores
  private let values: [Tensor]
  /// Of a softmax, the largest score of each place and the sum of what is left of all.
  private var largest: [Float] = []
  private var sums: [Float] = []
  /// How sure the network is that a place shows anything, 0…1; nothing where it does not say that.
  private var objectness: [Float] = []
  /// Whether scores that nothing is said of lie in 0…1, as what a sigmoid or a softmax has made already; nil where
  /// the file says what becomes of them.
  private var areShares: Bool?

  /// Takes what the heads yield for one picture.
  init(_ scores: ClassScores, values: [Tensor]) {
    (self.scores, self.values) = (scores, values)
    if scores.link == .none || scores.link == .other {
      areShares = (0..<scores.count).allSatisfy { index in
        scores.scores(of: index, in: values).allSatisfy { (0...1).contains($0) }
      }
    }
    let objectness = scores.objectness(in: values)
    self.objectness =
      areShares == true ? objectness : Tensor([objectness.count], objectness).sigmoid().scalars
    guard scores.link == .softmax else { return }
    for (head, value) in zip(scores.heads, values) {
      let columns = Self.columns(head, of: scores.count, in: value)
      let most = columns.dropFirst().reduce(columns.first ?? []) { zip($0, $1).map { max($0, $1) } }
      largest += most
      sums += columns.reduce([Float](repeating: 0, count: most.count)) { sums, column in
        sums.indices.map { sums[$0] + exp(column[$0] - most[$0]) }
      }
    }
  }

  /// What a softmax goes over, a number a place each: every score along the axis, a class for nothing among them, or
  /// those of each anchor.
  private static func columns(
    _ head: ClassScores.Head, of count: Int, in value: Tensor
  ) -> [[Float]] {
    let value = head.order.map(value.transposed) ?? value
    let channels =
      head.anchors == 1
      ? (0..<value.shape[head.axis]).map { [$0] }
      : (0..<count).map { head.channels(of: $0) }
    return channels.map { value.gathered($0, alongAxis: head.axis).scalars }
  }

  /// What the confidences are where the file does not say what becomes of its scores; nil where it does.
  var guess: String? {
    areShares.map {
      $0
        ? "the file does not say what its scores are: all are in 0…1 and are taken as they are"
        : "the file does not say what its scores are: confidences are their sigmoid, a guess"
    }
  }

  /// In 0…1, one a place: the softmax's share, or each score's own sigmoid, times the objectness where there is one;
  /// where the file says neither, see `guess`.
  func of(_ index: Int) -> [Float] {
    let own = scores.scores(of: index, in: values)
    let shares: [Float] =
      if areShares == true {
        own
      } else if scores.link == .softmax {
        own.indices.map { exp(own[$0] - largest[$0]) / sums[$0] }
      } else {
        Tensor([own.count], own).sigmoid().scalars
      }
    return objectness.isEmpty ? shares : zip(shares, objectness).map { $0 * $1 }
  }
}
