public import Autodiff
public import Tensors

/// Pictures whose frequencies all have the magnitude that they have in photographs; only the phases move.
///
/// `image = colours(normalized(irfft2(magnitude · e^(i φ))))`, normalized to a mean of 0 and a standard
/// deviation of 1 over all channels. Source: Fel et al., "Unlocking Feature Visualization for Deeper Networks
/// with MAgnitude Constrained Optimization", NeurIPS 2023; Horama `maco_fv.py`, whose phases are normalized as
/// well.
public struct MaCoImage: Parameterization {
  /// The shape of the pictures: (batch, channels, height, width).
  public let shape: Shape

  /// From unbounded values to values in 0…1.
  public let colors: ColorMapping

  /// Whether the phases are brought to a mean of 0 and a standard deviation of 1 before they are used, as in
  /// Horama.
  ///
  /// Their steps then shrink as they spread; but no photograph has such phases, and none can be fitted.
  public let normalizesPhases: Bool

  /// (channels, height, columns), for the orthonormal transform.
  private let magnitude: Tensor

  /// Creates the parameterization.
  ///
  /// - Parameters:
  ///   - shape: The shape of the pictures: (batch, channels, height, width).
  ///   - magnitude: The magnitude of every frequency in decorrelated colours, (channels, height, width / 2 + 1);
  ///     nil: photographs' own.
  ///   - colors: From unbounded values to values in 0…1.
  ///   - normalizesPhases: Whether phases have a mean of 0 and a standard deviation of 1, as in Horama.
  /// - Precondition: The magnitude has that shape.
  public init(
    _ shape: Shape, magnitude: Tensor? = nil, colors: ColorMapping = ColorMapping(),
    normalizesPhases: Bool = false
  ) {
    let columns = shape[3] / 2 + 1
    let magnitude =
      magnitude
      ?? PhotographSpectrum.magnitude(height: shape[2], width: shape[3], channels: shape[1])
    precondition(
      magnitude.shape == [shape[1], shape[2], columns],
      "MaCoImage: a magnitude of shape \(magnitude.shape) for pictures of \(shape)")
    (self.shape, self.colors, self.normalizesPhases) = (shape, colors, normalizesPhases)
    self.magnitude = magnitude / Float(shape[2] * shape[3]).squareRoot()
  }

  /// Phases from everywhere on the circle; normal draws where they are normalized.
  ///
  /// - Parameter random: The source of randomness.
  /// - Returns: One tensor, (batch, channels, height, width / 2 + 1), in radians.
  public func initialParameters(using random: inout some RandomNumberGenerator) -> [Tensor] {
    let phases = Shape([shape[0]] + magnitude.shape.dimensions)
    return normalizesPhases
      ? [.normal(phases, using: &random)]
      : [.uniform(phases, in: -Float.pi...Float.pi, using: &random)]
  }

  /// The phases of a picture; what its magnitudes say is lost.
  ///
  /// - Parameter picture: Values in 0…1, of the shape `shape`.
  /// - Returns: One tensor, the phases.
  public func parameters(fitting picture: Tensor) -> [Tensor] {
    precondition(picture.shape == shape, "MaCoImage: \(picture.shape) is not \(shape)")
    let spectrum = colors.inverse(picture).rfft2()
    return [spectrum.phases]
  }

  /// The pictures that belong to phases.
  ///
  /// - Parameter parameters: One variable, (batch, channels, height, width / 2 + 1).
  /// - Returns: Values in 0…1, of the shape `shape`.
  public func image(_ parameters: [Variable]) -> Variable {
    let phases = normalizesPhases ? parameters[0].normalized() : parameters[0]
    let spectrum = polar(magnitude, phases)
    return colors(spectrum.irfft2(width: shape[3]).normalized())
  }

  /// The mean magnitude of pictures' frequencies in decorrelated colours, to be kept.
  ///
  /// Of each picture its mean is left out, and what stands at its edges counts less, by Hann's window.
  ///
  /// - Parameter pictures: Each (1, channels, height, width) in 0…1, all of one shape.
  /// - Returns: Shape (channels, height, width / 2 + 1).
  /// - Precondition: There is at least one picture.
  public static func magnitude(of pictures: some Sequence<Tensor>) -> Tensor {
    let colors = ColorMapping(bounds: .clamp)
    var (sum, count) = (Tensor(0), 0)
    for picture in pictures {
      let values = colors.inverse(picture)
      let mean =
        values.sum(alongAxes: [2, 3], keepingAxes: true)
        / Float(values.shape[2] * values.shape[3])
      let spectrum = ((values - mean) * hann(values.shape)).rfft2()
      let magnitude = (spectrum * spectrum).sum(alongAxes: [4]).squareRoot()
      (sum, count) = (sum + magnitude, count + 1)
    }
    precondition(count > 0, "MaCoImage: no pictures to take magnitudes of")
    let mean = sum / Float(count)
    return mean.reshaped(Shape(Array(mean.shape.dimensions.dropFirst())))
  }

  /// Hann's window, (height, width): 1 in the middle, 0 at the edges.
  private static func hann(_ shape: Shape) -> Tensor {
    func window(_ extent: Int) -> Tensor {
      let angles = (0..<extent).map { 2 * Float.pi * (Float($0) + 0.5) / Float(extent) }
      return (1 - Tensor([extent], angles).cosine()) * 0.5
    }
    return window(shape[2]).reshaped([shape[2], 1]) * window(shape[3])
  }
}

extension Variable {
  /// Each picture with a mean of 0 and a standard deviation of 1 over all its numbers, as Horama does it:
  /// `(x − mean) / (deviation + 10⁻⁴)`.
  fileprivate func normalized() -> Variable {
    let axes = Array(1..<shape.rank)
    let count = Float(value.count / shape[0])
    let centered = self - mean(alongAxes: axes, keepingAxes: true)
    let variance = square(centered).sum(alongAxes: axes, keepingAxes: true) / max(count - 1, 1)
    return centered / (sqrt(variance) + 1e-4)
  }
}

extension MaCoImage {
  /// What it is called.
  static let named = NamedParameterization(
    "maco", help: "phases alone, with the magnitudes of photographs, by several views",
    suits: ["transforms": "views", "optimizer": "nadam", "learning-rate": "0.5", "steps": "64"]
  ) { ascent, _ in MaCoImage(ascent.shape, magnitude: ascent.spectrum) }
}
