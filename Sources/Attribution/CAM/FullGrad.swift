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
  /// Scalars of the layers that are looked at in one pass.
  private static let room = 4 << 20

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
    func scaled(_ products: Tensor, depth: Int) -> Tensor {
      Self.scaled(products, depth: depth, like: picture, of: explained)
    }
    // What the network receives, whatever is fed: its gradient is the picture's over the same scale.
    let received = picture - Baseline.zero.tensor(for: picture, of: explained)
    let input = try explained.gradient(at: picture) * received
    var sum = scaled(explained.channelsOfSlices(input), depth: explained.depth)
    let layouts = try explained.layouts()
    let parts = try explained.biases().split(into: Self.room)
    for (index, part) in parts.enumerated() {
      try Task.checkCancellation()
      let sources = part.map { Reading.Source.value($0.value) }
      let stored = try explained.stored(sources, at: picture).stored
      for (bias, response) in zip(part, stored) {
        let layout = layouts[bias.value]
        let gradient =
          layout?.form == .channelsFirst
          ? layout?.grid(of: response.gradient) ?? response.gradient : response.gradient
        let products = gradient * Tensor([1, bias.shift.count, 1, 1], bias.shift)
        try explained.checkIsRow(products, of: .value(bias.value))
        sum += scaled(products, depth: layout?.grid?.depth ?? 1)
      }
      progress(Double(index + 1) / Double(parts.count))
    }
    return sum
  }

  /// The channels without signs, each brought to 0…1, added up and enlarged.
  private static func scaled(
    _ products: Tensor, depth: Int, like picture: Tensor, of explained: Explained
  ) -> Tensor {
    let sum = products.absolute().scaledToOne().sum(alongAxes: [1], keepingAxes: true)
    return sum.reshaped([1, depth, sum.shape[2] / depth, sum.shape[3]])
      .enlarged(depth: explained.depth).enlarged(height: picture.shape[2], width: picture.shape[3])
  }
}

extension [Bias] {
  /// Parts whose layers together have no more scalars than there is room for, or one layer alone.
  fileprivate func split(into room: Int) -> [[Bias]] {
    var (parts, size): ([[Bias]], Int) = ([], 0)
    for bias in self {
      if parts.isEmpty || size + bias.scalars > room { (parts, size) = (parts + [[]], 0) }
      parts[parts.count - 1].append(bias)
      size += bias.scalars
    }
    return parts
  }
}

extension RegisteredMethod {
  static let fullGrad = RegisteredMethod(
    "full-grad", "what the input and every bias contribute, without signs", shows: .lowResolution
  ) { _ in FullGrad() }
}
