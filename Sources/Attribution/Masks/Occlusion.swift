public import Tensors

/// How far the objective falls when a window of the input is covered.
///
/// The window moves over the picture, cut off where it hangs over the right or lower border. A pixel receives
/// the mean fall over the windows that covered it: in all channels the same, or each channel its own where
/// windows cover one at a time.
///
/// Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
public struct Occlusion: AttributionMethod {
  /// An extent in pixels.
  public struct Extent: Sendable, Hashable {
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int

    /// Creates an extent.
    ///
    /// - Parameters:
    ///   - height: Rows, at least 1.
    ///   - width: Columns, at least 1.
    public init(height: Int, width: Int) {
      precondition(height >= 1 && width >= 1, "Occlusion: \(height)×\(width) pixels")
      (self.height, self.width) = (height, width)
    }
  }

  /// The window; `nil` for a square of an eighth of the picture's shorter side.
  public var window: Extent?
  /// Pixels from one window to the next; `nil` for half a window.
  public var stride: Extent?
  /// Whether windows cover one channel at a time.
  public var byChannel: Bool
  /// What a window is covered with.
  public var baseline: Baseline
  /// How many covered pictures run through the network at a time.
  public var batch: Int

  /// Creates the method with a square window.
  ///
  /// - Parameters:
  ///   - window: The side of the square in pixels; `nil` for an eighth of the picture's shorter side.
  ///   - stride: Pixels from one square to the next; `nil` for half a side.
  ///   - baseline: What a square is covered with.
  ///   - batch: How many covered pictures run through the network at a time.
  public init(
    window: Int? = nil, stride: Int? = nil, baseline: Baseline = 0.0, batch: Int = 1
  ) {
    self.init(
      window: window.map { Extent(height: $0, width: $0) },
      stride: stride.map { Extent(height: $0, width: $0) }, byChannel: false,
      baseline: baseline, batch: batch)
  }

  /// Creates the method with a window of any shape.
  ///
  /// - Parameters:
  ///   - window: The window; `nil` for a square of an eighth of the picture's shorter side.
  ///   - stride: Pixels from one window to the next; `nil` for half a window.
  ///   - byChannel: Whether windows cover one channel at a time.
  ///   - baseline: What a window is covered with.
  ///   - batch: How many covered pictures run through the network at a time.
  public init(
    window: Extent?, stride: Extent?, byChannel: Bool, baseline: Baseline = 0.0, batch: Int = 1
  ) {
    precondition(batch >= 1, "Occlusion: batches of \(batch)")
    (self.window, self.stride, self.byChannel) = (window, stride, byChannel)
    (self.baseline, self.batch) = (baseline, batch)
  }

  /// Explains pictures; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let shape = pictures.shape
    precondition(shape.rank == 4, "Occlusion: an input of \(shape)")
    let windows = windows(channels: shape[1], height: shape[2], width: shape[3])
    return try baseline.tensors(for: pictures, of: explained).map(reporting: progress) {
      baseline, progress in
      Tensor.concatenate(
        try (0..<shape[0]).map(reporting: progress) { sample, progress in
          let picture = pictures.gathered([sample], alongAxis: 0)
          let cover = baseline.gathered([sample], alongAxis: 0)
          let values = try explained.values(
            of: windows.count + 1, batch: batch, progress: progress
          ) { $0 == 0 ? picture : windows[$0 - 1].covering(picture, with: cover) }
          return map(values, windows, shape)
        })
    }.mean
  }

  private struct Window {
    let channels: Range<Int>
    let rows: Range<Int>
    let columns: Range<Int>

    /// A picture with what lies under the window replaced.
    func covering(_ picture: Tensor, with cover: Tensor) -> Tensor {
      var result = picture
      let (height, width) = (picture.shape[2], picture.shape[3])
      result.withUnsafeMutableBufferPointer { out in
        cover.withUnsafeBufferPointer { cover in
          for channel in channels {
            for y in rows {
              let row = (channel * height + y) * width
              for x in columns { out[row + x] = cover[row + x] }
            }
          }
        }
      }
      return result
    }
  }

  private func windows(channels: Int, height: Int, width: Int) -> [Window] {
    let side = max(1, min(height, width) / 8)
    let size = window ?? Extent(height: side, width: side)
    let step =
      stride ?? Extent(height: max(1, size.height / 2), width: max(1, size.width / 2))
    /// Windows begin at multiples of the stride, the last one where it first reaches the border.
    func ranges(_ extent: Int, _ size: Int, _ step: Int) -> [Range<Int>] {
      let count = max(0, (extent - size + step - 1) / step) + 1
      return (0..<count).map { min($0 * step, extent)..<min($0 * step + size, extent) }
    }
    let columns = ranges(width, size.width, step.width)
    return (byChannel ? (0..<channels).map { $0..<$0 + 1 } : [0..<channels]).flatMap { channels in
      ranges(height, size.height, step.height).flatMap { rows in
        columns.map { Window(channels: channels, rows: rows, columns: $0) }
      }
    }
  }

  /// Each pixel's mean fall, from the value with nothing covered and then with each window.
  ///
  /// - Returns: 1×C×H×W.
  private func map(_ values: [Float], _ windows: [Window], _ shape: Shape) -> Tensor {
    let plane = shape[2] * shape[3]
    var falls = [Double](repeating: 0, count: (byChannel ? shape[1] : 1) * plane)
    var covered = [Double](repeating: 0, count: falls.count)
    for (value, window) in zip(values.dropFirst(), windows) {
      let first = window.channels.lowerBound * plane
      for y in window.rows {
        for x in window.columns {
          falls[first + y * shape[3] + x] += Double(values[0] - value)
          covered[first + y * shape[3] + x] += 1
        }
      }
    }
    // A stride wider than the window leaves pixels uncovered: nothing is known of them.
    let means = falls.indices.map { Float(falls[$0] / max(covered[$0], 1)) }
    return Tensor([1, means.count / plane, shape[2], shape[3]], means).broadcast(
      to: [1, shape[1], shape[2], shape[3]])
  }
}

extension RegisteredMethod {
  static let occlusion = RegisteredMethod(
    "occlusion", "how far the unit falls when a square is covered", shows: .signed,
    takes: [.baseline, .seed, .window, .stride]
  ) { Occlusion(window: $0.window, stride: $0.stride, baseline: $0.baseline(or: 0.0)) }
}
