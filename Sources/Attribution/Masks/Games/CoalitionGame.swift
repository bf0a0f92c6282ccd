public import Tensors

/// A picture as a game of its parts: a coalition is worth what the objective is of the picture where only its
/// parts are shown, and the baseline elsewhere.
public struct CoalitionGame {
  /// What is explained.
  public let explained: Explained
  /// The picture, 1×C×H×W.
  public let picture: Tensor
  /// What lies where a part is not shown, 1×C×H×W.
  public let baseline: Tensor
  /// The parts.
  public let partition: Partition
  /// How many pictures run through the network at a time.
  public let batch: Int

  /// Creates a game.
  ///
  /// - Parameters:
  ///   - explained: What is explained.
  ///   - picture: The picture, 1×C×H×W.
  ///   - baseline: What lies where a part is not shown, 1×C×H×W.
  ///   - partition: The parts.
  ///   - batch: How many pictures run through the network at a time.
  public init(
    _ explained: Explained, picture: Tensor, baseline: Tensor, partition: Partition,
    batch: Int = 1
  ) {
    precondition(
      picture.shape == baseline.shape && picture.shape.rank == 4 && picture.shape[0] == 1
        && picture.shape[2] == partition.height && picture.shape[3] == partition.width,
      "CoalitionGame: a picture of \(picture.shape), a baseline of \(baseline.shape), parts of "
        + "\(partition.height)×\(partition.width) pixels")
    (self.explained, self.picture, self.baseline) = (explained, picture, baseline)
    (self.partition, self.batch) = (partition, batch)
  }

  /// The number of parts.
  public var parts: Int { partition.count }

  /// The picture with each part mixed with the baseline.
  ///
  /// - Parameter shares: One a part: 1 shows the picture, 0 the baseline.
  /// - Returns: 1×C×H×W.
  public func picture(showing shares: [Double]) -> Tensor {
    let shares = shares.map { Float($0) }
    return Tensor(picture.shape) { out in
      picture.withUnsafeBufferPointer { x in
        baseline.withUnsafeBufferPointer { b in
          partition.labels.withUnsafeBufferPointer { labels in
            for channel in 0..<picture.shape[1] {
              let first = channel * labels.count
              for pixel in labels.indices {
                let (share, i) = (shares[labels[pixel]], first + pixel)
                out[i] = share == 1 ? x[i] : share == 0 ? b[i] : b[i] + share * (x[i] - b[i])
              }
            }
          }
        }
      }
    }
  }

  /// What coalitions are worth.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - progress: Called with the fraction done, 0…1.
  ///   - coalition: Each by its number.
  /// - Returns: A number a coalition.
  /// - Throws: `NetworkError`, what the objective throws, and `CancellationError` when the task is cancelled.
  public func values(
    of count: Int, progress: (Double) -> Void = { _ in }, _ coalition: (Int) -> Coalition
  ) throws -> [Double] {
    try explained.values(of: count, batch: batch, progress: progress) {
      picture(showing: coalition($0).numbers)
    }.map(Double.init)
  }

  /// What nothing and everything are worth.
  public func ends() throws -> (nothing: Double, everything: Double) {
    let values = try values(of: 2) { Coalition([Bool](repeating: $0 == 1, count: parts)) }
    return (values[0], values[1])
  }

  /// A number a part, at every pixel of the part.
  ///
  /// - Parameter scores: One a part.
  /// - Returns: 1×1×H×W.
  public func map(_ scores: [Double]) -> Tensor {
    Tensor(
      [1, 1, partition.height, partition.width], partition.labels.map { Float(scores[$0]) })
  }
}
