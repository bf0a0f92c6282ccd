import Attribution
import Tensors

extension Explained {
  /// The scalar while elements of one picture take the place of another's, group by group.
  ///
  /// - Parameters:
  ///   - start: The picture that is begun with, of the shape `pictureShape`.
  ///   - end: Where the elements come from, of the same shape.
  ///   - groups: Places in C×H×W, one group a step.
  /// - Returns: The scalar at the start and after each step.
  /// - Throws: As `values(of:)`.
  func replacing(from start: Tensor, by end: Tensor, in groups: [[Int]]) throws -> Curve {
    var current = start
    return Curve(
      try values(of: groups.count + 1) { step in
        if step > 0 { current.take(groups[step - 1], from: end) }
        return current
      })
  }
}

extension Tensor {
  /// Takes some scalars from another tensor of the same shape.
  mutating func take(_ places: some Sequence<Int>, from other: Tensor) {
    precondition(shape == other.shape, "replacing scalars of \(shape) by those of \(other.shape)")
    withUnsafeMutableBufferPointer { out in
      other.withUnsafeBufferPointer { x in
        for place in places { out[place] = x[place] }
      }
    }
  }
}
