import Imaging
import Networks
import Tensors
import Visualization

extension Network {
  /// The mean magnitudes of a folder's pictures, as a recipe asks for; nil: it asks for none.
  ///
  /// - Throws: `SpectrumError` for a parameterization that keeps no magnitudes; `NoPicturesError`;
  ///   `ImagingError` for a file that is no picture.
  func spectrum(of recipe: Recipe, shape: Shape) throws -> Tensor? {
    guard let folder = recipe.spectrum else { return nil }
    guard recipe.keepsSpectrum else {
      throw SpectrumError(parameterization: recipe.parameterization)
    }
    let size = PictureSize(height: shape[2], width: shape[3])
    return MaCoImage.magnitude(
      of: try photographs(at: [folder]).map { try input(Picture(contentsOf: $0), size: size) })
  }
}

/// A spectrum that is asked for of pictures that keep none.
public struct SpectrumError: Error, Hashable, CustomStringConvertible {
  /// How the pictures are written instead.
  public let parameterization: String

  /// What is wrong and what to do.
  public var description: String {
    "`\(Settings.spectrum.key)` is for the parameterization `maco`, which keeps the magnitude of every frequency; "
      + "`\(parameterization)` does not"
  }
}
