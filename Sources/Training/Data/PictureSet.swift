import Blocks
public import Tensors

/// Labelled pictures in memory, a byte a channel.
public struct PictureSet: Sendable {
  /// Channels, height, width.
  public let shape: Shape
  /// Planar pictures one after the other.
  let bytes: [UInt8]
  /// The class of each.
  public let labels: [Int]

  /// Creates a set.
  ///
  /// - Precondition: `shape.count` bytes a label.
  public init(shape: Shape, bytes: [UInt8], labels: [Int]) {
    precondition(
      bytes.count == shape.count * labels.count,
      "PictureSet: \(bytes.count) bytes for \(labels.count) pictures of \(shape)")
    (self.shape, self.bytes, self.labels) = (shape, bytes, labels)
  }

  /// The number of pictures.
  public var count: Int { labels.count }

  /// Pictures as they are, N×C×H×W in 0…1.
  public func pictures(_ indices: some Collection<Int>) -> Tensor {
    Tensor(Shape([indices.count] + shape.dimensions)) { result in
      for (position, index) in indices.enumerated() {
        for i in 0..<shape.count {
          result[position * shape.count + i] = Float(bytes[index * shape.count + i]) * (1 / 255)
        }
      }
    }
  }

  /// Some of the pictures.
  func selecting(_ indices: [Int]) -> PictureSet {
    PictureSet(
      shape: shape,
      bytes: indices.flatMap { bytes[$0 * shape.count..<($0 + 1) * shape.count] },
      labels: indices.map { labels[$0] })
  }

  /// Mean and standard deviation of each channel, in 0…1.
  func moments() -> ChannelMoments {
    let plane = shape[1] * shape[2]
    var (mean, deviation) = ([Float](), [Float]())
    for c in 0..<shape[0] {
      var (sum, squares) = (0, 0)
      for picture in 0..<count {
        let start = picture * shape.count + c * plane
        for i in start..<start + plane {
          let value = Int(bytes[i])
          sum += value
          squares += value * value
        }
      }
      let total = Double(max(count * plane, 1))
      let middle = Double(sum) / total
      let variance = max(0, Double(squares) / total - middle * middle)
      // Three digits are enough, and they are what a file's metadata can hold.
      mean.append(Float((middle / 255 * 1000).rounded() / 1000))
      deviation.append(max(0.001, Float((variance.squareRoot() / 255 * 1000).rounded() / 1000)))
    }
    return ChannelMoments(mean: mean, standardDeviation: deviation)
  }
}

/// What a network is trained with and what it is tried on.
public struct TrainingData: Sendable {
  /// The names of the classes, in the order of their numbers.
  public var classes: [String]
  /// What it learns from.
  public var training: PictureSet
  /// What it never sees.
  public var validation: PictureSet

  /// Creates the data of a training.
  public init(classes: [String], training: PictureSet, validation: PictureSet) {
    (self.classes, self.training, self.validation) = (classes, training, validation)
  }
}
