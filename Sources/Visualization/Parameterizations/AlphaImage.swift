public import Autodiff
public import Tensors

/// Pictures with a transparency of their own: what does not matter is left out.
///
/// The colours are another parameterization's, the opacity is a Fourier image of one channel. Shown to the network
/// over random backgrounds (`RandomBackground`), a picture has to be opaque where the background would harm. Source:
/// Mordvintsev et al., "Differentiable Image Parameterizations", Distill 2018; lucid `param/color.py`.
public struct AlphaImage: Parameterization {
  /// How the colours are written.
  public let base: any Parameterization

  private let opacity: FourierImage

  /// Creates the parameterization from that of the colours.
  public init(_ base: any Parameterization) {
    self.base = base
    opacity = FourierImage(
      height: base.shape[2], width: base.shape[3], channels: 1, batch: base.shape[0])
  }

  /// The shape of the pictures: (batch, channels + 1, height, width), the opacity last.
  public var shape: Shape {
    let colors = base.shape
    return [colors[0], colors[1] + 1, colors[2], colors[3]]
  }

  /// The opacity's spectrum, and the colours' parameters: those that join in later are the last.
  ///
  /// - Parameter random: The source of randomness.
  /// - Returns: The parameters.
  public func initialParameters(using random: inout some RandomNumberGenerator) -> [Tensor] {
    opacity.initialParameters(using: &random) + base.initialParameters(using: &random)
  }

  /// Parameters of a picture, which is opaque where it says nothing else.
  ///
  /// - Parameter picture: Values in 0…1, with an opacity or without.
  /// - Returns: The parameters.
  public func parameters(fitting picture: Tensor) -> [Tensor] {
    let (count, channels) = (picture.shape[1], base.shape[1])
    let colors = picture.gathered(Array(0..<channels), alongAxis: 1)
    let alpha =
      count > channels
      ? picture.gathered([channels], alongAxis: 1) : Tensor(opacity.shape, repeating: 0.95)
    return opacity.parameters(fitting: alpha) + base.parameters(fitting: colors)
  }

  /// The pictures that belong to some parameters.
  ///
  /// - Parameter parameters: The opacity's and the colours'.
  /// - Returns: Values in 0…1, of the shape `shape`.
  public func image(_ parameters: [Variable]) -> Variable {
    let colors = base.image(Array(parameters.dropFirst()))
    return concatenate([colors, opacity.image([parameters[0]])], alongAxis: 1)
  }

  /// The opacity from the start, the colours' parameters as they do.
  public func moving(afterShare share: Double) -> Range<Int> {
    let last = base.moving(afterShare: share).upperBound
    return 0..<(last == Int.max ? last : last + 1)
  }
}

extension Variable {
  /// Pictures with an opacity laid over a background, without it.
  ///
  /// - Parameter background: (batch, channels, height, width), or one that stretches to it.
  /// - Returns: (batch, channels, height, width).
  func laid(over background: Variable) -> Variable {
    let channels = shape[1] - 1
    let alpha = sliced(channels..<channels + 1, alongAxis: 1)
    return sliced(0..<channels, alongAxis: 1) * alpha + background * (1 - alpha)
  }
}
