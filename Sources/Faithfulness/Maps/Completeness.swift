public import Tensors

/// How far a map's sum is from the difference that it should explain.
///
/// Only of methods that promise it (`CompleteMethod`).
///
/// Source: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.
public struct Completeness: Sendable, Hashable {
  /// What the map adds up to.
  public let sum: Double
  /// What it should add up to.
  public let expected: Double

  /// Adds up a map.
  ///
  /// - Parameters:
  ///   - map: The map of one picture.
  ///   - expected: What it should add up to.
  public init(_ map: Tensor, expected: Float) {
    self.init(sum: map.scalars.reduce(0) { $0 + Double($1) }, expected: expected)
  }

  /// Takes a sum that `CompleteMethod` says.
  ///
  /// - Parameters:
  ///   - sum: What the map adds up to.
  ///   - expected: What it should add up to.
  public init(sum: Double, expected: Float) { (self.sum, self.expected) = (sum, Double(expected)) }

  /// The sum less what it should be.
  public var error: Double { sum - expected }

  /// The error's size relative to what the sum should be; `nil` where that is 0.
  public var relativeError: Double? { expected == 0 ? nil : abs(error / expected) }
}
