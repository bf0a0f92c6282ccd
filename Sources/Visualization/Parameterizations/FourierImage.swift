public import Autodiff
public import Tensors

/// Pictures as spectra in which every frequency has the energy that it has in photographs.
///
/// `image = colours(irfft2(scale ⊙ spectrum) / 4)` with the orthonormal transform and
/// `scale = 1 / max(f, 1 / max(height, width))^decay`, `f` the frequency in cycles a pixel. Natural
/// pictures have a spectrum near 1/f; scaled by it, all frequencies take steps that suit them. Source:
/// Olah et al., "Feature Visualization", Distill 2017; lucid and lucent, `optvis/param/spatial.py`.
public struct FourierImage: Parameterization {
  /// The shape of the pictures: (batch, channels, height, width).
  public let shape: Shape

  /// The exponent with which energy falls with frequency.
  public let decay: Float

  /// The standard deviation of the first spectrum's real and imaginary parts.
  public let standardDeviation: Float

  /// From unbounded values to values in 0…1.
  public let colors: ColorMapping

  /// What lucid and lucent divide by, so that a picture starts with little contrast.
  private static let contrast: Float = 4

  /// (height, columns, 2), with the contrast already in it.
  private let scale: Tensor

  /// Creates the parameterization.
  ///
  /// - Parameters:
  ///   - height: In pixels; even heights and widths with small prime factors are fastest.
  ///   - width: In pixels.
  ///   - channels: The number of channels; three are red, green and blue.
  ///   - batch: The number of pictures.
  ///   - decay: The exponent with which energy falls with frequency.
  ///   - standardDeviation: Of the first spectrum.
  ///   - colors: From unbounded values to values in 0…1.
  public init(
    height: Int, width: Int, channels: Int = 3, batch: Int = 1, decay: Float = 1,
    standardDeviation: Float = 0.01, colors: ColorMapping = ColorMapping()
  ) {
    shape = [batch, channels, height, width]
    self.decay = decay
    self.standardDeviation = standardDeviation
    self.colors = colors
    scale = Self.scale(height: height, width: width, decay: decay)
  }

  /// Creates the parameterization of square pictures, three channels each.
  public init(side: Int, batch: Int = 1) {
    self.init(height: side, width: side, batch: batch)
  }

  /// Creates the parameterization of pictures of a shape, N×C×H×W.
  public init(_ shape: Shape) {
    self.init(height: shape[2], width: shape[3], channels: shape[1], batch: shape[0])
  }

  private static func scale(height: Int, width: Int, decay: Float) -> Tensor {
    let columns = width / 2 + 1
    let lowest = 1 / Double(max(height, width))
    var scalars: [Float] = []
    for row in 0..<height {
      let y = Double(row <= (height - 1) / 2 ? row : row - height) / Double(height)
      for column in 0..<columns {
        let x = Double(column) / Double(width)
        let frequency = Float(max((x * x + y * y).squareRoot(), lowest))
        let factor = Tensor(1 / frequency).power(decay).scalar / contrast
        scalars += [factor, factor]
      }
    }
    return Tensor([height, columns, 2], scalars)
  }

  /// A spectrum of independent normal draws.
  ///
  /// - Parameter random: The source of randomness.
  /// - Returns: One tensor, (batch, channels, height, width/2 + 1, 2), real and imaginary part last.
  public func initialParameters(using random: inout some RandomNumberGenerator) -> [Tensor] {
    let spectrum = Shape(shape.dimensions.dropLast(2) + scale.shape.dimensions)
    return [.normal(spectrum, standardDeviation: standardDeviation, using: &random)]
  }

  /// The spectrum of a picture.
  ///
  /// - Parameter picture: Values in 0…1, of the shape `shape`.
  /// - Returns: One tensor, the spectrum.
  public func parameters(fitting picture: Tensor) -> [Tensor] {
    precondition(picture.shape == shape, "FourierImage: \(picture.shape) is not \(shape)")
    return [colors.inverse(picture).rfft2() / scale]
  }

  /// The pictures that belong to a spectrum.
  ///
  /// - Parameter parameters: One variable, (batch, channels, height, width/2 + 1, 2).
  /// - Returns: Values in 0…1, of the shape `shape`.
  public func image(_ parameters: [Variable]) -> Variable {
    colors(unbounded(parameters[0]))
  }

  /// The pictures before colours are mapped.
  func unbounded(_ spectrum: Variable) -> Variable {
    spectrum.irfft2(width: shape[3], scale: scale)
  }
}

extension FourierImage {
  /// What it is called.
  static let named = NamedParameterization("fourier", help: "spectra scaled as photographs' are") {
    ascent, _ in FourierImage(ascent.shape)
  }
}
