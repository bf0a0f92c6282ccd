import Files
import Imaging
import Portraits
import Tensors
import Visualization

/// How pictures on the way, and at the end of it, become files.
struct PictureFile {
  private let prepared: PreparedPortrait
  private let scale: Int
  /// After how many steps there is a picture of the way.
  let interval: Int

  init(_ prepared: PreparedPortrait) {
    self.prepared = prepared
    scale = prepared.recipe.scale ?? prepared.size.enlargement(to: 512, rounded: .down)
    interval = max(1, prepared.recipe.steps / 60)
  }

  /// Finds out before the work whether everything can be written, and that nothing is lost by it.
  ///
  /// - Throws: `FileError.unwritable`, `OccupiedError`.
  func check(_ path: String, _ frames: Frames, force: Bool) throws {
    let title = prepared.subject.description
    try PictureOutput.check(path, title: title, by: prepared.network, force: force)
    try frames.check(title: title, by: prepared.network)
  }

  /// A picture of the way.
  func add(_ pictures: Tensor, to frames: Frames) throws {
    try frames.add(
      prepared.network.shown(pictures, scale: scale, bands: prepared.recipe.bands),
      texts: texts(prepared.recipe, nil))
  }

  /// The last of the way.
  func finish(_ frames: Frames, _ portrait: Portrait) throws {
    try frames.finish(
      prepared.network.shown(portrait.pictures, scale: scale, bands: prepared.recipe.bands),
      texts: texts(prepared.recipe, PortraitRecord(portrait)))
  }

  /// Saves a finished picture; of several seeds, as if only the best had been asked for.
  func save(_ portrait: Portrait, to path: String, record: PortraitRecord) throws {
    var recipe = prepared.recipe
    if recipe.tries > 1 { (recipe.seed, recipe.tries) = (portrait.seed, 1) }
    try prepared.network.shown(portrait, scale: scale, bands: recipe.bands)
      .save(to: path, texts: texts(recipe, record))
  }

  /// Saves what there is of a picture that was stopped.
  ///
  /// - Returns: Where: in the picture's place, or beside it where a finished one is there from before.
  func save(_ pictures: Tensor, insteadOf path: String, step: Int) throws -> String {
    let place = StoppedPicture.place(insteadOf: path, step: step)
    try prepared.network.shown(pictures, scale: scale, bands: prepared.recipe.bands)
      .save(
        to: place,
        texts: texts(prepared.recipe, nil) + [
          StoppedPicture.text(after: step, of: prepared.recipe.steps)
        ])
    return place
  }

  private func texts(_ recipe: Recipe, _ record: PortraitRecord?) throws -> [PNGText] {
    try Provenance.current.texts(
      of: prepared.subject, by: recipe, in: prepared.network, record: record)
  }
}
