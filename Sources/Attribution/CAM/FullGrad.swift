import Networks
import Objectives
public import Tensors

/// What the input and every bias contribute, each brought to 0…1 and added up.
///
/// The gradient times the input and, for each bias of a convolution or of a batch norm, the bias times the
/// gradient of what it is added to; without signs, each channel less its smallest value and over its largest,
/// enlarged to the picture. Together with the biases of linear layers, which have no place in the picture and
/// are left out, these are all that the objective is made of in a network of rectifiers. Each channel scaled by
/// itself is how pytorch-grad-cam does it; the paper leaves the scaling open.
///
/// Source: Srinivas and Fleuret, "Full-Gradient Representation for Neural Network Visualization", NeurIPS 2019.
public struct FullGrad: AttributionMethod {
  /// Creates the method.
  public init() {}

  /// Explains pictures.
  ///
  /// - Parameters:
  ///   - pictures: N×C×H×W.
  ///   - explained: What is explained.
  ///   - progress: Called with the fraction done, 0…1.
  /// - Returns: N×1×H×W, of a volume N×D×H×W, not negative.
  /// - Throws: `NetworkError`, `AttributionError.rowsOfSignal`, and what the objective throws.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    Tensor.concatenate(
      try (0..<pictures.shape[0]).map(reporting: progress) { sample, progress in
        try map(of: pictures.gathered([sample], alongAxis: 0), explained, progress)
      })
  }

  private func map(
    of picture: Tensor, _ explained: Explained, _ progress: (Double) -> Void
  ) throws -> Tensor {
    func enlarged(_ sum: Tensor) -> Tensor {
      sum.enlarged(depth: explained.depth)
        .enlarged(height: picture.shape[2], width: picture.shape[3])
    }
    // What the network receives, whatever is fed: its gradient is the picture's over the same scale.
    let received = picture - Baseline.zero.tensor(for: picture, of: explained)
    let input = explained.channelsOfSlices(try explained.gradient(at: picture) * received)
    let layouts = try explained.layouts()
    let biases = try explained.biases()
    var sums = [Tensor?](repeating: nil, count: biases.count)
    var done = 0.0
    if !biases.isEmpty {
      try explained.gradients(of: biases.map { .value($0.value) }, at: picture) { index, stored in
        try Task.checkCancellation()
        let (bias, layout) = (biases[index], layouts[biases[index].value])
        let gradient =
          layout?.form == .channelsFirst ? layout?.grid(of: stored) ?? stored : stored
        let layer = Reading.Source.value(bias.value)
        try explained.checkIsOneMap(layer)
        sums[index] = try explained.inSlices(Self.scaled(gradient, times: bias.shift), of: layer)
        done += 1
        progress(done / Double(biases.count))
      }
    }
    let ones = [Float](repeating: 1, count: input.shape[1])
    let start = Self.scaled(input, times: ones)
      .reshaped([1, explained.depth, picture.shape[2], picture.shape[3]])
    return sums.compactMap(\.self).reduce(start) { $0 + enlarged($1) }
  }

  /// The channels times a number each, without signs, each brought to 0…1, added up.
  ///
  /// A few at a time: what is made on the way does not stand beside all of them.
  private static func scaled(_ gradient: Tensor, times factors: [Float]) -> Tensor {
    let plane = gradient.count / max(gradient.shape[1], 1)
    return Tensor([1, 1, gradient.shape[2], gradient.shape[3]]) { sum in
      sum.initialize(repeating: 0)
      for first in stride(from: 0, to: factors.count, by: 16) {
        let channels = Array(first..<min(first + 16, factors.count))
        let products =
          gradient.gathered(channels, alongAxis: 1)
          * Tensor([1, channels.count, 1, 1], channels.map { factors[$0] })
        products.absolute().scaledToOne().withUnsafeBufferPointer { part in
          for i in part.indices { sum[i % plane] += part[i] }
        }
      }
    }
  }
}

extension RegisteredMethod {
  static let fullGrad = RegisteredMethod(
    "full-grad", "what the input and every bias contribute, without signs", shows: .lowResolution
  ) { _ in FullGrad() }
}
