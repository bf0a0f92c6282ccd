public import Attribution
import Networks
public import Tensors

/// Remove and debias: how the scalar changes when the most, or the least, relevant pixels are imputed from
/// their neighbours instead of blacked out.
///
/// A percentile p keeps the pixels below it, so that 10 removes 90 %: as in pytorch-grad-cam and the paper's
/// code. Equal pixels are removed in an order drawn at random, not all at once.
///
/// Source: Rong et al., "A Consistent and Efficient MethodEvaluation Strategy for Attribution Methods", ICML 2022.
public struct ROAD: Sendable {
  /// Which percentiles of the map are looked at.
  public var percentiles: [Int]
  /// How missing pixels are made.
  public var imputation: LinearImputation
  /// What the noise and the order of equal pixels follow from.
  public var seed: UInt64

  /// Creates the measure.
  ///
  /// - Parameters:
  ///   - percentiles: Which percentiles of the map are looked at, 0…100.
  ///   - imputation: How missing pixels are made.
  ///   - seed: What the noise and the order of equal pixels follow from.
  public init(
    percentiles: [Int] = [10, 20, 30, 40, 50, 60, 70, 80, 90],
    imputation: LinearImputation = LinearImputation(), seed: UInt64 = 0
  ) {
    precondition(
      !percentiles.isEmpty && percentiles.allSatisfy { (0...100).contains($0) },
      "ROAD: percentiles \(percentiles)")
    (self.percentiles, self.imputation, self.seed) = (percentiles, imputation, seed)
  }

  /// What the scalar changes by, one number a percentile.
  public struct Changes: Sendable, Hashable {
    /// The most relevant pixels removed.
    public let mostRelevantFirst: [Double]
    /// The least relevant pixels removed.
    public let leastRelevantFirst: [Double]

    /// Half the mean difference: large where what is called relevant matters, and the rest does not.
    public var combined: Double {
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
      return (mean(leastRelevantFirst) - mean(mostRelevantFirst)) / 2
    }
  }

  /// The scalar after imputation less that before, in both orders.
  ///
  /// - Parameters:
  ///   - explained: The scalar.
  ///   - picture: 1×C×H×W; of a volume 1×(C·D)×H×W.
  ///   - map: H×W; of a volume D×H×W.
  /// - Returns: The changes.
  /// - Throws: As `Explained.values(of:)`.
  public func changes(
    of explained: Explained, at picture: Tensor, map: Tensor
  ) throws -> Changes {
    let greatestFirst = PixelOrder(map, seed: seed).pixels
    let leastFirst = Array(greatestFirst.reversed())
    let count = percentiles.count
    var random = SplitMix64(seed: seed)
    let values = try explained.sharingThreads {
      try explained.values(of: 2 * count + 1) { index in
        guard index > 0 else { return picture }
        let order = index <= count ? greatestFirst : leastFirst
        let missing = missing(order, percentile: percentiles[(index - 1) % count])
        return imputation(
          picture, missing: missing, of: explained.network.form, using: &random)
      }.map(Double.init)
    }
    return Changes(
      mostRelevantFirst: values[1...count].map { $0 - values[0] },
      leastRelevantFirst: values[(count + 1)...].map { $0 - values[0] })
  }

  /// Which pixels are removed: those at or above the percentile, as NumPy interpolates it.
  func missing(_ order: [Int], percentile: Int) -> [Bool] {
    let kept = (percentile * (order.count - 1) + 99) / 100
    var missing = [Bool](repeating: false, count: order.count)
    for pixel in order.prefix(order.count - kept) { missing[pixel] = true }
    return missing
  }
}
