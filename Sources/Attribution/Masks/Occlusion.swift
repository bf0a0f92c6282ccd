import Networks
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
    /// Slices of a volume; `nil` for as many as columns.
    public var depth: Int?

    /// Creates an extent.
    ///
    /// - Parameters:
    ///   - height: Rows, at least 1.
    ///   - width: Columns, at least 1.
    ///   - depth: Slices of a volume, at least 1; `nil` for as many as columns.
    public init(height: Int, width: Int, depth: Int? = nil) {
      precondition(
        height >= 1 && width >= 1 && depth ?? 1 >= 1, "Occlusion: \(height)×\(width) pixels")
      (self.height, self.width, self.depth) = (height, width, depth)
    }
  }

  /// The window; `nil`: what suits the form.
  ///
  /// Of a picture a square of an eighth of its shorter side, of a signal a 32nd of its length, of a volume a quarter of
  /// each side.
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
  ///
  /// - Throws: `AttributionError.windowCoversAll`, `NetworkError`, and what the objective throws.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let shape = pictures.shape
    precondition(shape.rank == 4, "Occlusion: an input of \(shape)")
    let windows = windows(shape, explained.network.form)
    if let window, !byChannel,
      windows.allSatisfy({
        ($0.rows.count, $0.columns.count, $0.channels.count) == (shape[2], shape[3], shape[1])
      })
    {
      throw AttributionError.windowCoversAll(
        window: [window.height, window.width], picture: [shape[2], shape[3]])
    }
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
    let channels: [Int]
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

  /// The windows of what is fed, N×C×H×W, all of a kind in one size.
  private func windows(_ shape: Shape, _ form: InputForm) -> [Window] {
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    let size = size(height, width, form)
    let step =
      stride ?? Extent(height: max(1, size.height / 2), width: max(1, size.width / 2))
    /// Windows begin at multiples of the stride, the last one where it first reaches the border.
    func ranges(_ extent: Int, _ size: Int, _ step: Int) -> [Range<Int>] {
      let count = max(0, (extent - size + step - 1) / step) + 1
      return (0..<count).map { min($0 * step, extent)..<min($0 * step + size, extent) }
    }
    var groups = [Array(0..<channels)]
    if byChannel {
      groups = (0..<channels).map { [$0] }
    } else if case .volume(let volume) = form {
      let deep = window.map { min($0.depth ?? $0.width, volume.depth) } ?? max(1, volume.depth / 4)
      let stepDeep =
        stride.map { min($0.depth ?? $0.width, volume.depth) } ?? max(1, deep / 2)
      groups = ranges(volume.depth, deep, stepDeep).map { $0.flatMap(volume.bands) }
    }
    let columns = ranges(width, size.width, step.width)
    return groups.flatMap { channels in
      ranges(height, size.height, form == .signal ? 1 : step.height).flatMap { rows in
        columns.map { Window(channels: channels, rows: rows, columns: $0) }
      }
    }
  }

  /// The window: what was said, or what suits the form.
  private func size(_ height: Int, _ width: Int, _ form: InputForm) -> Extent {
    switch form {
    case .signal: return Extent(height: 1, width: window?.width ?? max(1, width / 32))
    case .volume:
      return window ?? Extent(height: max(1, height / 4), width: max(1, width / 4))
    default:
      let side = max(1, min(height, width) / 8)
      return window ?? Extent(height: side, width: side)
    }
  }

  /// Each pixel's mean fall, from the value with nothing covered and then with each window.
  ///
  /// - Returns: 1×C×H×W.
  private func map(_ values: [Float], _ windows: [Window], _ shape: Shape) -> Tensor {
    let plane = shape[2] * shape[3]
    // Where all windows cover the same channels, one of them stands for all.
    let areApart = Set(windows.map(\.channels)).count > 1
    var falls = [Double](repeating: 0, count: (areApart ? shape[1] : 1) * plane)
    var covered = [Double](repeating: 0, count: falls.count)
    for (value, window) in zip(values.dropFirst(), windows) {
      for channel in areApart ? window.channels : [0] {
        for y in window.rows {
          for x in window.columns {
            falls[channel * plane + y * shape[3] + x] += Double(values[0] - value)
            covered[channel * plane + y * shape[3] + x] += 1
          }
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
