public import Tensors

/// A map that was drawn at random, and how far it may be off.
public struct Estimate: Sendable {
  /// The map.
  public var map: Tensor
  /// One standard error of each of its numbers: of another seed, two maps in three are nearer than that to what
  /// infinitely many draws would give.
  public var standardError: Tensor

  /// Gathers both.
  public init(map: Tensor, standardError: Tensor) {
    (self.map, self.standardError) = (map, standardError)
  }
}

/// A method that draws at random, from a seed, and knows how uncertain its map is.
public protocol RandomMethod: AttributionMethod {
  /// Explains pictures and says how sure it is.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W. Every one has its own scalar and is explained on its own.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The map and, of the same shape, its standard error.
  /// - Throws: `NetworkError`, `ObjectiveError` or `AttributionError`.
  func estimate(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Estimate
}

extension RandomMethod {
  /// The map without its standard error.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    try estimate(pictures, of: explained, progress: progress).map
  }
}
