/// Which source pixels make each target pixel along one axis, and with what weights.
struct ResamplingWeights {
  /// The first source pixel of each target pixel.
  private(set) var starts: [Int] = []
  /// Where each target pixel's weights begin, and after the last one their count.
  private(set) var offsets: [Int] = [0]
  /// The weights; those of one target pixel sum to 1.
  private(set) var weights: [Float] = []

  /// Pixels beyond the border do not count: the weights of the others are raised to sum to 1.
  init(from source: Int, to target: Int, by resampling: Resampling) {
    let filter = resampling.filter(from: source, to: target)
    let step = Double(source) / Double(target)
    guard source != target else {
      // The same size keeps every pixel, also under filters that would blur.
      (starts, offsets) = (Array(0..<source), Array(0...source))
      weights = Array(repeating: 1, count: source)
      return
    }
    // The nearest pixel is the one that contains the centre; the area is a filter of its own.
    let width = filter == .nearest ? 1 : max(step, 1)
    let reach = filter.radius * width
    for position in 0..<target {
      let center = (Double(position) + 0.5) * step
      if filter == .nearest {
        starts.append(min(Int(center), source - 1))
        weights.append(1)
      } else if filter == .area {
        appendArea(center - step / 2, center + step / 2, of: source)
      } else {
        let first = max(Int((center - reach + 0.5).rounded(.down)), 0)
        let end = min(max(Int((center + reach + 0.5).rounded(.down)), first + 1), source)
        let row = (first..<end).map { filter.weight(at: (Double($0) + 0.5 - center) / width) }
        append(row, startingAt: first)
      }
      offsets.append(weights.count)
    }
  }

  /// Each pixel weighs as much as its share of the interval.
  private mutating func appendArea(_ lower: Double, _ upper: Double, of count: Int) {
    let first = min(Int(lower), count - 1)
    let end = min(max(Int(upper.rounded(.up)), first + 1), count)
    append(
      (first..<end).map { max(min(upper, Double($0 + 1)) - max(lower, Double($0)), 0) },
      startingAt: first)
  }

  private mutating func append(_ row: [Double], startingAt first: Int) {
    let sum = row.reduce(0, +)
    starts.append(first)
    weights += row.map { Float($0 / sum) }
  }

  /// Makes one target row from a source row of interleaved channels.
  func apply(
    toRow row: UnsafeBufferPointer<Float>, channels: Int,
    into out: UnsafeMutableBufferPointer<Float>
  ) {
    for position in starts.indices {
      for channel in 0..<channels {
        var sum: Float = 0
        var source = starts[position] * channels + channel
        for tap in offsets[position]..<offsets[position + 1] {
          sum += weights[tap] * row[source]
          source += channels
        }
        out[position * channels + channel] = sum
      }
    }
  }

  /// Makes one target row from whole source rows of `width` scalars.
  func apply(
    toColumnsOf rows: UnsafeBufferPointer<Float>, width: Int, at position: Int,
    into out: UnsafeMutableBufferPointer<Float>
  ) {
    out.update(repeating: 0)
    for (row, tap) in (offsets[position]..<offsets[position + 1]).enumerated() {
      let source = (starts[position] + row) * width
      for i in 0..<width { out[i] += weights[tap] * rows[source + i] }
    }
  }
}

/// Resamples rows of interleaved floats, from the top: each source row is asked for once, each target
/// row given once, in memory that the receiver may change.
func resample(
  width: (from: Int, to: Int), height: (from: Int, to: Int), channels: Int, by filter: Resampling,
  read: (Int, UnsafeMutableBufferPointer<Float>) -> Void,
  write: (Int, UnsafeMutableBufferPointer<Float>) -> Void
) {
  let across = ResamplingWeights(from: width.from, to: width.to, by: filter)
  let down = ResamplingWeights(from: height.from, to: height.to, by: filter)
  let (sourceRow, targetRow) = (width.from * channels, width.to * channels)
  withUnsafeTemporaryAllocation(of: Float.self, capacity: sourceRow + targetRow) { scratch in
    let line = UnsafeMutableBufferPointer(rebasing: scratch[..<sourceRow])
    let out = UnsafeMutableBufferPointer(rebasing: scratch[sourceRow...])
    let narrowed = UnsafeMutableBufferPointer<Float>.allocate(capacity: targetRow * height.from)
    defer { narrowed.deallocate() }
    for y in 0..<height.from {
      read(y, line)
      across.apply(
        toRow: UnsafeBufferPointer(line), channels: channels,
        into: UnsafeMutableBufferPointer(
          rebasing: narrowed[y * targetRow..<(y + 1) * targetRow]))
    }
    for y in 0..<height.to {
      down.apply(toColumnsOf: UnsafeBufferPointer(narrowed), width: targetRow, at: y, into: out)
      write(y, out)
    }
  }
}
