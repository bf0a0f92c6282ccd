public import Tensors

/// Pixels that are missing, each as the weighted mean of its eight neighbours, missing ones included.
///
/// Neighbours beside weigh 1/6, those at corners 1/12; where some lie outside, the others share their part. The
/// equations of all missing pixels are solved together by conjugate gradients. Noise keeps the network from
/// telling by the smoothness what was missing.
///
/// Source: Rong et al., "A Consistent and Efficient MethodEvaluation Strategy for Attribution Methods", ICML 2022.
public struct LinearImputation: Sendable {
  /// The standard deviation of the noise, in the picture's units.
  public var noise: Float
  /// How small the residual must become, relative to the right-hand side.
  public var tolerance: Double

  /// Creates an imputation.
  ///
  /// - Parameters:
  ///   - noise: The standard deviation of the noise, in the picture's units.
  ///   - tolerance: How small the residual must become, relative to the right-hand side.
  public init(noise: Float = 0.01, tolerance: Double = 1e-4) {
    (self.noise, self.tolerance) = (noise, tolerance)
  }

  /// Fills in what is missing, channels shared out among the threads of `ThreadPool.current`.
  ///
  /// - Parameters:
  ///   - picture: 1×C×H×W.
  ///   - missing: One for each pixel. Where all are missing, each channel's mean stands for them.
  ///   - random: Draws the noise.
  /// - Returns: The same shape.
  public func callAsFunction(
    _ picture: Tensor, missing: [Bool], using random: inout SplitMix64
  ) -> Tensor {
    let (channels, height, width) = (picture.shape[1], picture.shape[2], picture.shape[3])
    let equations = NeighbourEquations(missing: missing, height: height, width: width)
    var result = picture
    let unknown = equations.unknown
    guard !unknown.isEmpty else { return picture }
    result.withUnsafeMutableBufferPointer { out in
      ThreadPool.share(channels) { channel, _ in
        let start = channel * height * width
        let plane = out[start..<start + height * width].map(Double.init)
        let solution = equations.solved(plane, tolerance: tolerance)
        for (place, value) in zip(unknown, solution) { out[start + place] = Float(value) }
      }
    }
    guard noise > 0 else { return result }
    let drawn = Tensor.normal(
      [channels, unknown.count], standardDeviation: noise, using: &random
    ).scalars
    result.withUnsafeMutableBufferPointer { out in
      for channel in 0..<channels {
        for (i, place) in unknown.enumerated() {
          out[channel * height * width + place] += drawn[channel * unknown.count + i]
        }
      }
    }
    return result
  }
}
