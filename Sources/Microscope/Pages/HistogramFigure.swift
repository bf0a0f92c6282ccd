import Visualization
import Portraits

/// How often values lie where, as bars.
struct HistogramFigure {
  /// The values at both ends.
  let range: ClosedRange<Float>
  /// How many values each bar has.
  let counts: [Int]

  /// Bars of a histogram.
  private static let bars = 24

  /// Counts values; nil where both ends are one.
  ///
  /// - Parameters:
  ///   - values: One at least.
  ///   - range: The values at both ends, all of them between; nil: the smallest and the largest.
  init?(_ values: [Float], over range: ClosedRange<Float>? = nil) {
    guard let least = values.min(), let most = values.max() else { return nil }
    let range = range ?? least...most
    guard range.lowerBound < range.upperBound else { return nil }
    self.range = range
    var counts = [Int](repeating: 0, count: Self.bars)
    for value in values {
      let share =
        (Double(value) - Double(range.lowerBound))
        / (Double(range.upperBound) - Double(range.lowerBound))
      counts[min(max(Int(share * Double(Self.bars)), 0), Self.bars - 1)] += 1
    }
    self.counts = counts
  }

  /// The figure.
  ///
  /// - Parameter full: How many values a bar of the full height has; nil: as many as its highest.
  /// - Returns: HTML.
  func html(full: Int? = nil) -> String {
    let most = max(full ?? counts.max() ?? 1, 1)
    let bars = counts.enumerated().map { index, count in
      let height = 100 * Double(count) / Double(most)
      return
        "<rect x=\"\(index * 10)\" y=\"\((100 - height).fixed(1))\" width=\"9\" height=\"\(height.fixed(1))\"/>"
    }
    let ends = [range.lowerBound, range.upperBound].map { Double($0).fixed(2) }
    return """
      <figure class="histogram"><svg viewBox="0 0 \(Self.bars * 10) 100" preserveAspectRatio="none" role="img" \
      aria-label="A histogram of \(counts.reduce(0, +)) values from \(ends[0]) to \(ends[1])">\
      \(bars.joined())</svg><figcaption><span>\(ends[0])</span><span>\(ends[1])</span></figcaption></figure>
      """
  }
}
