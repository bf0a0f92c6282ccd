import FeatureVisualization

/// Pictures that are their own mirror images: the mean of another parameterization's picture and its mirror image.
struct MirroredImage: Parameterization {
  private let base: any Parameterization

  init(_ base: any Parameterization) { self.base = base }

  var shape: Shape { base.shape }

  func initialParameters(using random: inout some RandomNumberGenerator) -> [Tensor] {
    base.initialParameters(using: &random)
  }

  func parameters(fitting picture: Tensor) -> [Tensor] { base.parameters(fitting: picture) }

  func image(_ parameters: [Variable]) -> Variable {
    let image = base.image(parameters)
    let mirrored = image.gathered((0..<shape[-1]).reversed(), alongAxis: 3)
    return (image + mirrored) * 0.5
  }
}
