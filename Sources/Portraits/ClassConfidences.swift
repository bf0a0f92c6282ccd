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

  /// Takes what the heads yield for one picture.
  init(_ scores: ClassScores, values: [Tensor]) {
    (self.scores, self.values) = (scores, values)
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

  /// In 0…1, one a place: the softmax's share, or each score's own sigmoid.
  func of(_ index: Int) -> [Float] {
    let own = scores.scores(of: index, in: values)
    guard isSoftmax else { return Tensor([own.count], own).sigmoid().scalars }
    return own.indices.map { exp(own[$0] - largest[$0]) / sums[$0] }
  }
}
