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
    guard let head = scores.heads.first, isSoftmax else { return }
    let all = values[0]
    let places = all.transposed(
      all.shape.dimensions.indices.filter { $0 != head.axis } + [head.axis])
    let classes = all.shape[head.axis]
    let numbers = places.scalars
    for first in stride(from: 0, to: numbers.count, by: max(classes, 1)) {
      let row = numbers[first..<first + classes]
      let most = row.max() ?? 0
      largest.append(most)
      sums.append(row.reduce(0) { $0 + exp($1 - most) })
    }
  }

  private var isSoftmax: Bool { scores.link == .softmax && scores.heads.count == 1 }

  /// What the confidences are where the file does not say what becomes of its scores; nil where it does.
  var guess: String? {
    areShares.map {
      $0
        ? "the file does not say what its scores are: all are in 0…1 and are taken as they are"
        : "the file does not say what its scores are: confidences are their sigmoid, a guess"
    }
  }

  /// In 0…1, one a place: the softmax's share, or each score's own sigmoid; where the file says neither, see `guess`.
  func of(_ index: Int) -> [Float] {
    let own = scores.scores(of: index, in: values)
    if areShares == true { return own }
    guard isSoftmax else { return Tensor([own.count], own).sigmoid().scalars }
    return own.indices.map { exp(own[$0] - largest[$0]) / sums[$0] }
  }
}
