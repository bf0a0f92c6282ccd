#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
public import Tensors

/// How many elements a map is spread over: the entropy of its magnitudes as shares of their sum.
///
/// `−Σ p ln p` in nats, from 0 for one element to ln n for all alike.
///
/// Source: Bhatt, Weller and Moura, "Evaluating and Aggregating Feature-based Model Explanations", IJCAI 2020.
public struct Complexity: Sendable {
  /// What is added to each share before its logarithm: 1e-12 in Quantus, 0 by definition.
  public var offset: Double

  /// Creates the measure.
  ///
  /// - Parameter offset: What is added to each share before its logarithm.
  public init(offset: Double = 0) { self.offset = offset }

  /// The entropy.
  ///
  /// - Parameter map: Any shape.
  /// - Returns: In nats; `nil` for a map of zeros.
  public func value(of map: Tensor) -> Double? {
    let magnitudes = map.scalars.map { Double(abs($0)) }
    let sum = magnitudes.reduce(0, +)
    guard sum > 0 else { return nil }
    return -magnitudes.reduce(0) { total, magnitude in
      let share = magnitude / sum
      return share > 0 ? total + share * log(share + offset) : total
    }
  }
}
