import Files
import Imaging
import Portraits
import Tensors
import Visualization

/// How pictures on the way, and at the end of it, become files.
struct PictureFile {
  private let prepared: PreparedPortrait
  private let scale: Int
  private let frames: String?
  /// After how many steps there is a picture of the way.
  let interval: Int

  init(_ prepared: PreparedPortrait, frames: String?) {
    (self.prepared, self.frames) = (prepared, frames)
    scale = prepared.recipe.scale ?? prepared.size.enlargement(to: 512, rounded: .down)
    interval = max(1, prepared.recipe.steps / 60)
  }

  /// Finds out before the work whether everything can be written, and that nothing is lost by it.
  ///
  /// - Throws: `FileError.unwritable`, `OccupiedError`.
  func check(_ path: String, force: Bool) throws {
    func check(_ path: String) throws {
      try PictureOutput.check(
        path, title: prepared.subject.description, by: prepared.network, force: force)
    }
    try check(path)
    guard let frames else { return }
    try checkWritable(folder: frames)
    let steps = prepared.recipe.steps
    for step in [Int](stride(from: 0, to: steps, by: interval)) + [steps] {
      try check(self.path(ofStep: step, in: frames))
    }
  }

  private func path(ofStep step: Int, in folder: String) -> String {
    let digits = String(step)
    let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
    return "\(folder)/step-\(zeros)\(digits).png"
  }

  func save(_ pictures: Tensor, to folder: String, step: Int) throws {
    try save(pictures, to: path(ofStep: step, in: folder))
  }

  func save(_ pictures: Tensor, to path: String, record: PortraitRecord? = nil) throws {
    try prepared.network.shown(pictures, scale: scale, bands: prepared.recipe.bands)
      .save(to: path, texts: texts(record))
  }

  /// Saves what there is of a picture that was stopped.
  ///
  /// - Returns: Where: in the picture's place, or beside it where a finished one is there from before.
  func save(_ pictures: Tensor, insteadOf path: String, step: Int) throws -> String {
    var place = path
    if case .ours(let texts) = Occupant(at: path), texts[Self.keyword] == nil {
      place = (path.hasSuffix(".png") ? String(path.dropLast(4)) : path) + "-step-\(step).png"
    }
    let said = PNGText(
      keyword: Self.keyword, text: "after \(step) of \(prepared.recipe.steps) steps")
    try prepared.network.shown(pictures, scale: scale, bands: prepared.recipe.bands)
      .save(to: place, texts: texts(nil) + [said])
    return place
  }

  /// What a picture that was stopped says so under.
  private static let keyword = "Stopped"

  private func texts(_ record: PortraitRecord?) throws -> [PNGText] {
    try Provenance.current.texts(
      of: prepared.subject, by: prepared.recipe, in: prepared.network, record: record)
  }
}
