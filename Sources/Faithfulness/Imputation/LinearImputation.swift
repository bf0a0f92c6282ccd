public import Networks
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
  ///   - picture: 1×C×H×W; of a volume 1×(C·D)×H×W.
  ///   - missing: One for each pixel or voxel. Where all are missing, each channel's mean stands for them.
  ///   - form: What the network takes. Of a volume each slice is filled in by itself; one that is missing as a whole
  ///     has the mean of what is known of the others.
  ///   - random: Draws the noise.
  /// - Returns: The same shape.
  public func callAsFunction(
    _ picture: Tensor, missing: [Bool], of form: InputForm, using random: inout SplitMix64
  ) -> Tensor {
    let places = Places(of: picture.shape, form)
    precondition(
      missing.count == places.count,
      "LinearImputation: \(missing.count) places of a mask for \(places.count) of the input")
    lazy var means = places.means(of: picture, missing: missing)
    var result = picture
    for slice in 0..<places.slices {
      let part = slice * places.plane..<(slice + 1) * places.plane
      let equations = NeighbourEquations(
        missing: Array(missing[part]), height: picture.shape[2], width: picture.shape[3])
      guard !equations.unknown.isEmpty else { continue }
      let isLost = equations.unknown.count == places.plane
      let bands = places.bands(ofSlice: slice)
      fill(&result, bands, equations, isLost ? means : nil)
      addNoise(to: &result, bands, equations.unknown, using: &random)
    }
    return result
  }

  /// Fills in what is missing of a slice's bands: from what is known of it, or with numbers that are.
  private func fill(
    _ result: inout Tensor, _ bands: [Int], _ equations: NeighbourEquations, _ means: [Float]?
  ) {
    let (plane, unknown) = (result.shape[2] * result.shape[3], equations.unknown)
    result.withUnsafeMutableBufferPointer { out in
      ThreadPool.share(bands.count) { channel, _ in
        let start = bands[channel] * plane
        if let means {
          for place in unknown { out[start + place] = means[channel] }
          return
        }
        let numbers = out[start..<start + plane].map(Double.init)
        let solution = equations.solved(numbers, tolerance: tolerance)
        for (place, value) in zip(unknown, solution) { out[start + place] = Float(value) }
      }
    }
  }

  private func addNoise(
    to result: inout Tensor, _ bands: [Int], _ unknown: [Int], using random: inout SplitMix64
  ) {
    guard noise > 0 else { return }
    let plane = result.shape[2] * result.shape[3]
    let drawn = Tensor.normal(
      [bands.count, unknown.count], standardDeviation: noise, using: &random
    ).scalars
    result.withUnsafeMutableBufferPointer { out in
      for (channel, band) in bands.enumerated() {
        for (i, place) in unknown.enumerated() {
          out[band * plane + place] += drawn[channel * unknown.count + i]
        }
      }
    }
  }
}

extension Places {
  /// The mean of each channel over what is not missing; over all where everything is.
  fileprivate func means(of picture: Tensor, missing: [Bool]) -> [Float] {
    let known = missing.indices.filter { !missing[$0] }
    let counted = known.isEmpty ? Array(missing.indices) : known
    let numbers = picture.scalars
    return (0..<channels).map { channel in
      let sum = counted.reduce(0.0) { $0 + Double(numbers[scalar(of: $1, channel)]) }
      return Float(sum / Double(counted.count))
    }
  }
}
