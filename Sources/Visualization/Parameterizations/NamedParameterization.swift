/// A parameterization by its name.
public typealias NamedParameterization = Named<any Parameterization>

extension NamedParameterization {
  /// All of them; each registers in its own file.
  public static var all: [NamedParameterization] {
    [
      FourierImage.named,
      PixelImage.named,
      PyramidImage.named,
      PyramidImage.namedLaplacian,
      MaCoImage.named,
      CPPNImage.named,
    ]
  }
}
