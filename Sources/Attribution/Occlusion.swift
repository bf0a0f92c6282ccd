import Networks
public import Tensors

/// How far the target falls when a square of the input is covered.
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

  /// Explains one scalar at one input.
  ///
  /// - Parameters:
  ///   - input: N×C×H×W. Every sample is explained on its own.
  ///   - subject: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: The shape of `input`.
  /// - Throws: `NetworkError` or `AttributionError`.
  public func attribute(
    _ input: Tensor, of subject: Subject, progress: (Double) -> Void
  ) throws -> Tensor {
    let shape = input.shape
    precondition(shape.rank == 4, "Occlusion: an input of \(shape)")
    let squares = squares(height: shape[2], width: shape[3])
    let plan = try plan(
      subject, Shape([1] + shape.dimensions.dropFirst()), count: squares.count + 1)
    let baseline = baseline.tensor(shape)
    var maps: [Tensor] = []
    for sample in 0..<shape[0] {
      let values = try values(
        input.gathered([sample], alongAxis: 0), baseline.gathered([sample], alongAxis: 0), squares,
        plan
      ) { progress((Double(sample) + $0) / Double(shape[0])) }
      maps.append(map(values, squares, shape))
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

  /// A plan for as many pictures at a time as the network allows.
  private func plan(_ subject: Subject, _ shape: Shape, count: Int) throws -> TargetPlan {
    var batched = shape
    batched[0] = min(batch, count)
    // A graph may have the batch of 1 that it was exported with written into it.
    if let plan = try? TargetPlan(subject, inputShape: batched, differentiable: false),
      plan.plan.outputShapes[0].dimensions.first == batched[0]
    {
      return plan
    }
    return try TargetPlan(subject, inputShape: shape, differentiable: false)
  }

  /// The target with nothing covered, and then with each square covered, of a picture of 1×C×H×W.
  private func values(
    _ picture: Tensor, _ baseline: Tensor, _ squares: [Square], _ plan: TargetPlan,
    _ progress: (Double) -> Void
  ) throws -> [Float] {
    let size = plan.plan.inputShape[0]
    var pictures = Tensor(plan.plan.inputShape)
    var values: [Float] = []
    let jobs: [Square?] = [nil] + squares
    while values.count < jobs.count {
      let part = jobs[values.count..<min(values.count + size, jobs.count)]
      for (place, square) in part.enumerated() {
        cover(square, of: picture, with: baseline, into: &pictures, at: place)
      }
      values += try plan.values(at: pictures).prefix(part.count)
      progress(Double(values.count) / Double(jobs.count))
    }
    return values
  }

  private func cover(
    _ square: Square?, of picture: Tensor, with baseline: Tensor, into pictures: inout Tensor,
    at place: Int
  ) {
    let (channels, height, width) = (picture.shape[1], picture.shape[2], picture.shape[3])
    pictures.withUnsafeMutableBufferPointer { out in
      let start = place * picture.count
      picture.withUnsafeBufferPointer { x in for i in x.indices { out[start + i] = x[i] } }
      guard let square else { return }
      baseline.withUnsafeBufferPointer { b in
        for channel in 0..<channels {
          for y in square.rows {
            let row = (channel * height + y) * width
            for x in square.columns { out[start + row + x] = b[row + x] }
          }
        }
      }
    }
  }

  /// Each pixel's mean fall.
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
