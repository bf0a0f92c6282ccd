import Contracts

/// The extents of a tensor, outermost axis first.
///
/// Pictures and feature maps are **NCHW** everywhere in this package: batch, channels, height (rows,
/// `y` downwards), width (columns, `x` to the right), stored row by row with the last axis contiguous.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The extent along each axis.
  public var dimensions: [Int]

  /// Creates a shape; every extent must be at least 0.
  public init(_ dimensions: [Int]) {
    precondition(
      dimensions.allSatisfy { $0 >= 0 }, "Shape: negative extent in \(dimensions)")
    self.dimensions = dimensions
  }

  /// Creates a shape from a literal such as `[1, 3, 224, 224]`.
  public init(arrayLiteral elements: Int...) {
    self.init(elements)
  }

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The number of scalars: the product of the extents, 1 for a scalar (rank 0).
  public var count: Int { dimensions.reduce(1, *) }

  /// The distance in scalars between neighbours along each axis.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  /// The extent along one axis; a negative axis counts from the last.
  public subscript(axis: Int) -> Int {
    get { dimensions[axis < 0 ? axis + rank : axis] }
    set { dimensions[axis < 0 ? axis + rank : axis] = newValue }
  }

  /// The extents separated by `×`, as people write them: `1×3×224×224`.
  public var description: String {
    dimensions.isEmpty ? "scalar" : dimensions.map(String.init).joined(separator: "×")
  }
}
