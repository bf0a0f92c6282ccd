public import Autodiff
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Another brightness and contrast of every colour, at random: `(x − ½ − μ) / σ + ½`.
///
/// Source: Ghiasi et al., "What do Vision Transformers Learn?", 2022, whose networks take colours of deviation 0.22:
/// μ from ±0.22, log σ from ±1.
public struct ColorJitter: Transform {
  /// The largest shift μ, for values in 0…1.
  public var shift: Float

  /// The largest logarithm of the factor σ.
  public var logScale: Float

  /// Creates the transform.
  public init(shift: Float = 0.22, logScale: Float = 1) {
    (self.shift, self.logScale) = (shift, logScale)
  }

  /// Changes the colours, those of each picture otherwise.
  public func callAsFunction(
    _ image: Variable, using random: inout some RandomNumberGenerator
  ) -> Variable {
    let colors: Shape = [image.shape[0], image.shape[1], 1, 1]
    let shifts = Tensor.uniform(colors, in: -shift...shift, using: &random)
    let scales = Tensor.uniform(colors, in: -logScale...logScale, using: &random).exponential()
    return (image - Variable(shifts + 0.5)) / Variable(scales) + 0.5
  }
}

extension NamedTransforms {
  static var colors: NamedTransforms {
    NamedTransforms("colors", help: "the picture moved, its colours changed, with noise") {
      ascent, recipe in
      let side = min(ascent.shape[2], ascent.shape[3])
      let reach = recipe.jitter ?? side / 7
      return [Combined([Pad(reach), Jitter(2 * reach)]), ColorJitter(), Noise(0.1)]
    }
  }
}
