import Networks
import Tensors
import Visualization

extension Network {
  /// The mean magnitudes of a folder's pictures, as a recipe asks for; nil: it asks for none.
  ///
  /// - Returns: The magnitudes, and what there is to say of files that were left out.
  /// - Throws: `NoPicturesError` where no picture can be read.
  func spectrum(
    of recipe: Recipe, shape: Shape
  ) throws -> (magnitude: Tensor, notes: [String])? {
    guard let folder = recipe.spectrum, recipe.keepsSpectrum else { return nil }
    let size = PictureSize(height: shape[2], width: shape[3])
    var pictures: [Tensor] = []
    let notes = try forEachPicture(of: photographs(at: [folder])) { picture, _ in
      pictures.append(try input(picture, size: size))
    }
    guard !pictures.isEmpty else { throw NoPicturesError(folder: folder) }
    return (MaCoImage.magnitude(of: pictures), notes)
  }
}
