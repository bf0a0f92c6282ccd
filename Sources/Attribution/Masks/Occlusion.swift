public import Tensors

/// How far the objective falls when a square of the input is covered.
///
/// The square moves over the picture, cut off where it hangs over the right or lower border. A pixel
/// receives the mean fall over the squares that covered it, all channels the same.
///
/// Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
public struct Occlusion: AttributionMethod {
  /// The side of the square in pixels; `nil` for an eighth of the picture's shorter side.
  public var window: Int?
  /// Pixels from one square to the next; `nil` for half a side.
  public var stride: Int?
  /// What a square is covered with.
  public var baseline: Baseline
  /// How many covered pictures run through the network at a time.
  public var batch: Int

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - window: The side of the square in pixels; `nil` for an eighth of the picture's shorter side.
  ///   - stride: Pixels from one square to the next; `nil` for half a side.
  ///   - baseline: What a square is covered with.
  ///   - batch: How many covered pictures run through the network at a time.
  public init(
    window: Int? = nil, stride: Int? = nil, baseline: Baseline = 0.0, batch: Int = 8
  ) {
    precondition((window ?? 1) >= 1, "Occlusion: a window of \(window ?? 0) pixels")
    precondition((stride ?? 1) >= 1, "Occlusion: a stride of \(stride ?? 0) pixels")
    precondition(batch >= 1, "Occlusion: batches of \(batch)")
    self.window = window
    self.stride = stride
    self.baseline = baseline
    self.batch = batch
  }

  /// Explains pictures; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let shape = pictures.shape
    precondition(shape.rank == 4, "Occlusion: an input of \(shape)")
    let squares = squares(height: shape[2], width: shape[3])
    let baseline = baseline.tensor(for: pictures, of: explained)
    let maps = try (0..<shape[0]).map { sample in
      let picture = pictures.gathered([sample], alongAxis: 0)
      let cover = baseline.gathered([sample], alongAxis: 0)
      let values = try explained.values(
        of: squares.count + 1, batch: batch,
        progress: { progress((Double(sample) + $0) / Double(shape[0])) }
      ) { $0 == 0 ? picture : covering(squares[$0 - 1], of: picture, with: cover) }
      return map(values, squares, shape)
    }
    return Tensor.concatenate(maps)
  }

  private struct Square {
    let rows: Range<Int>
    let columns: Range<Int>
  }

  private func squares(height: Int, width: Int) -> [Square] {
    let side = window ?? max(1, min(height, width) / 8)
    let step = stride ?? max(1, side / 2)
    /// Squares begin at multiples of the stride, the last one where it first reaches the border.
    func ranges(_ extent: Int) -> [Range<Int>] {
      let count = max(0, (extent - side + step - 1) / step) + 1
      return (0..<count).map { min($0 * step, extent)..<min($0 * step + side, extent) }
    }
    let columns = ranges(width)
    return ranges(height).flatMap { rows in columns.map { Square(rows: rows, columns: $0) } }
  }

  /// A picture with what lies under a square replaced.
  private func covering(_ square: Square, of picture: Tensor, with cover: Tensor) -> Tensor {
    var result = picture
    let (channels, height, width) = (picture.shape[1], picture.shape[2], picture.shape[3])
    result.withUnsafeMutableBufferPointer { out in
      cover.withUnsafeBufferPointer { cover in
        for channel in 0..<channels {
          for y in square.rows {
            let row = (channel * height + y) * width
            for x in square.columns { out[row + x] = cover[row + x] }
          }
        }
      }
    }
    return result
  }

  /// Each pixel's mean fall, from the value with nothing covered and then with each square.
  ///
  /// - Returns: 1×C×H×W.
  private func map(_ values: [Float], _ squares: [Square], _ shape: Shape) -> Tensor {
    var falls = [Double](repeating: 0, count: shape[2] * shape[3])
    var covered = [Double](repeating: 0, count: falls.count)
    for (value, square) in zip(values.dropFirst(), squares) {
      for y in square.rows {
        for x in square.columns {
          falls[y * shape[3] + x] += Double(values[0] - value)
          covered[y * shape[3] + x] += 1
        }
      }
    }
    // A stride wider than the window leaves pixels uncovered: nothing is known of them.
    let means = falls.indices.map { Float(falls[$0] / max(covered[$0], 1)) }
    return Tensor([1, 1, shape[2], shape[3]], means).broadcast(
      to: [1, shape[1], shape[2], shape[3]])
  }
}

extension RegisteredMethod {
  static let occlusion = RegisteredMethod(
    "occlusion", "how far the unit falls when a square is covered", shows: .signed
  ) { _ in Occlusion() }
}
