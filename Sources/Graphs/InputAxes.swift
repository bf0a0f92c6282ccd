/// How a file has its picture's axes, where N×C×H×W is fed.
public struct InputAxes: Sendable, Hashable {
  /// The extents that the file declares; nil where it leaves one open.
  public let extents: [Int?]
  /// The axes of the file in terms of those that the fed numbers are cut into; nil: in the same order.
  package let order: [Int]?

  package init(extents: [Int?], order: [Int]? = nil) {
    (self.extents, self.order) = (extents, order)
  }
}
