/// A clamp to a range, such as ReLU (0…∞) and ReLU6 (0…6), done where a result is stored.
package struct Clamp: Hashable, Sendable {
  package var lower: Float
  package var upper: Float

  package init(lower: Float, upper: Float) {
    (self.lower, self.upper) = (lower, upper)
  }

  /// Whether the clamp is a rectifier: on from 0 up.
  package var isRectifier: Bool { lower == 0 }

  package static let relu = Clamp(lower: 0, upper: .infinity)
}
