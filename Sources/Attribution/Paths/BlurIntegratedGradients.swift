public import Tensors

/// The gradient integrated on the way from the blurred picture to the sharp one.
///
/// From the deviation `σ` of a Gaussian to the next the picture changes by `∂x/∂σ`, a quotient of differences;
/// that times the gradient, added up. No baseline has to be chosen, and scales are taken one by one. Blurred in
/// Double, beyond the border what the network receives as 0.
///
/// Source: Xu, Venugopalan and Sundararajan, "Attribution in Scale and Space", CVPR 2020; steps and defaults
/// as in PAIR saliency.
public struct BlurIntegratedGradients: AttributionMethod {
  /// The deviation of the blurriest picture, in pixels.
  public var deviation: Double
  /// The number of steps to it, all as wide.
  public var steps: Int
  /// How far apart the two blurred pictures of a quotient are, in pixels of deviation.
  public var difference: Double

  /// Creates the method.
  ///
  /// - Parameters:
  ///   - deviation: The deviation of the blurriest picture, in pixels.
  ///   - steps: The number of steps to it, at least 1.
  ///   - difference: How far apart the two blurred pictures of a quotient are, in pixels of deviation.
  public init(deviation: Double = 50, steps: Int = 100, difference: Double = 0.01) {
    precondition(
      deviation > 0 && difference > 0 && steps >= 1,
      "BlurIntegratedGradients: \(steps) steps of \(difference) to \(deviation)")
    (self.deviation, self.steps, self.difference) = (deviation, steps, difference)
  }

  /// Explains pictures; the map has their shape.
  public func attribute(
    _ pictures: Tensor, of explained: Explained, progress: (Double) -> Void
  ) throws -> Tensor {
    let empty = Baseline.zero.tensor(for: pictures, of: explained)
    let sharp = zip(pictures.scalars, empty.scalars).map { Double($0) - Double($1) }
    let width = deviation / Double(steps)
    var sum = [Double](repeating: 0, count: sharp.count)
    for step in 0..<steps {
      try Task.checkCancellation()
      let (blurred, next) = explained.plans.sharingThreads {
        (
          blur(sharp, Double(step) * width, pictures.shape),
          blur(sharp, Double(step) * width + difference, pictures.shape)
        )
      }
      let here = Tensor(pictures.shape, blurred.map { Float($0) }) + empty
      let gradient = try explained.gradient(at: here).scalars
      for i in sum.indices {
        sum[i] -= width * (next[i] - blurred[i]) / difference * Double(gradient[i])
      }
      progress(Double(step + 1) / Double(steps))
    }
    return Tensor(pictures.shape, sum.map { Float($0) })
  }

  private func blur(_ planes: [Double], _ deviation: Double, _ shape: Shape) -> [Double] {
    GaussianBlur(deviation: deviation, beyond: .zeros)(planes, height: shape[2], width: shape[3])
  }
}

extension BlurIntegratedGradients: CompleteMethod {
  /// The objective's rise from the blurriest picture.
  public func total(at pictures: Tensor, of explained: Explained) throws -> [Float] {
    let empty = Baseline.zero.tensor(for: pictures, of: explained)
    let blurred = (pictures - empty).blurred(deviation: deviation, beyond: .zeros) + empty
    return try Baseline.input(blurred).rise(to: pictures, of: explained)
  }
}

extension RegisteredMethod {
  static let blurIntegratedGradients = RegisteredMethod(
    "blur-ig", "the gradient integrated on the way from the blurred picture", shows: .signed,
    takes: [.steps]
  ) { BlurIntegratedGradients(steps: $0.steps ?? 100) }
}
