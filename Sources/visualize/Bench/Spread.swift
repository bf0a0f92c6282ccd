import Visualization

/// Repeated times: the middle one, and how far they spread, in milliseconds.
struct Spread: Encodable {
  let minimum, median, maximum: Double

  /// - Parameter times: At least one; without any, all is 0.
  init(_ times: some Collection<Duration>) {
    let sorted = times.map(\.milliseconds).sorted()
    (minimum, maximum) = (sorted.first ?? 0, sorted.last ?? 0)
    median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  /// `23.90 ms (22.95 to 31.02)`.
  var inWords: String { "\(median.fixed(2)) ms (\(minimum.fixed(2)) to \(maximum.fixed(2)))" }
}

extension Duration {
  /// The time in milliseconds.
  var milliseconds: Double { self / .milliseconds(1) }
}
