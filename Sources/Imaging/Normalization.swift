public import Tensors

/// How the values of a map are brought to 0…1 before they become colours.
public enum Normalization: Hashable, Sendable {
  /// 0 stays 0, the largest value becomes 1, negative values are cut off.
  case maximum
  /// The smallest value becomes 0, the largest 1.
  case range
  /// The lower bound becomes 0, the upper 1, values outside are cut off: the same for several maps.
  case fixed(ClosedRange<Float>)
  /// 0 stays 0, the given percentile (0…100) of the values becomes 1: a few outliers do not darken all.
  case percentile(Double)
  /// 0 becomes ½, plus and minus the given percentile (0…100) of the magnitudes become 1 and 0.
  case symmetric(percentile: Double)

  /// The values in 0…1.
  ///
  /// NaN counts as 0 and infinities as the bounds. Where all finite values are 0, so is the result (½ if
  /// `symmetric`).
  ///
  /// - Parameter values: Any shape.
  /// - Returns: The shape of `values`.
  public func callAsFunction(_ values: Tensor) -> Tensor {
    let range = range(of: values)
    let (lower, span) = (range.lowerBound, range.upperBound - range.lowerBound)
    return Tensor(
      values.shape,
      values.scalars.map { value in
        let value = value.isNaN ? 0 : value
        return span > 0 ? ((value - lower) / span).clampedToUnit : 0
      })
  }

  /// The numbers that become 0 and 1.
  ///
  /// - Parameter values: Any shape; what is not finite does not count.
  /// - Returns: An empty range where all finite values are 0 (−1…1 if `symmetric`).
  public func range(of values: Tensor) -> ClosedRange<Float> {
    let (lower, upper) = bounds(of: values.scalars.filter(\.isFinite))
    return lower...max(lower, upper)
  }

  private func bounds(of values: [Float]) -> (Float, Float) {
    switch self {
    case .maximum:
      return (0, max(values.max() ?? 0, 0))
    case .range:
      return (values.min() ?? 0, values.max() ?? 0)
    case .fixed(let range):
      return (range.lowerBound, range.upperBound)
    case .percentile(let percent):
      let bound = valueBelow(percent: percent, in: values)
      // A map that is 0 but for a few pixels would vanish.
      return (0, bound > 0 ? bound : max(values.max() ?? 0, 0))
    case .symmetric(let percent):
      let magnitudes = values.map(abs)
      let bound = valueBelow(percent: percent, in: magnitudes)
      let most = bound > 0 ? bound : magnitudes.max() ?? 0
      // Any span serves where all is 0: it must come out as the middle.
      return most > 0 ? (-most, most) : (-1, 1)
    }
  }
}

/// The value below which a share of the values lies, between neighbours by a straight line.
///
/// - Parameters:
///   - percent: The percentile, from 0 (the smallest value) to 100 (the largest).
///   - values: In any order, all finite.
/// - Returns: 0 if there are no values.
func valueBelow(percent: Double, in values: [Float]) -> Float {
  guard !values.isEmpty else { return 0 }
  let sorted = values.sorted()
  let position = min(max(percent / 100, 0), 1) * Double(sorted.count - 1)
  let lower = Int(position)
  let upper = min(lower + 1, sorted.count - 1)
  return sorted[lower] + (sorted[upper] - sorted[lower]) * Float(position - Double(lower))
}
