public import Tensors

/// How few elements hold most of a map: the Gini index of their magnitudes, 0 where all are the same, near 1
/// where one has it all.
///
/// `Σ (2k − n − 1) a_k / (n Σ a)` of the magnitudes in ascending order.
///
/// Source: Hurley and Rickard, "Comparing Measures of Sparsity", IEEE Transactions on Information Theory 55,
/// 2009; Chalasani et al., "Concise Explanations of Neural Networks using Adversarial Training", ICML 2020.
public struct Sparseness: Sendable {
  /// What is added to each magnitude, as a part of the largest: 1e-7 in Quantus, 0 by definition.
  public var offset: Double

  /// Creates the measure.
  ///
  /// - Parameter offset: What is added to each magnitude, as a part of the largest.
  public init(offset: Double = 0) { self.offset = offset }

  /// The Gini index.
  ///
  /// - Parameter map: Any shape.
  /// - Returns: 0…1; `nil` for a map of zeros.
  public func value(of map: Tensor) -> Double? {
    let magnitudes = map.scalars.map { abs($0) }.sorted()
    guard let largest = magnitudes.last, largest > 0 else { return nil }
    let count = Double(magnitudes.count)
    var (weighted, sum) = (0.0, 0.0)
    for (index, magnitude) in magnitudes.enumerated() {
      let value = Double(magnitude) / Double(largest) + offset
      weighted += (2 * Double(index + 1) - count - 1) * value
      sum += value
    }
    return weighted / (count * sum)
  }
}
