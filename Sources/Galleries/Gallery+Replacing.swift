import Files
import Imaging
import Networks
import Portraits

extension Gallery {
  /// Finds out whether other machines have the same list of pictures, by which parts are dealt out.
  ///
  /// - Throws: `GalleryPlanError` where entries cannot be made on this machine and maybe can on others.
  public func checkIsAlikeElsewhere() throws(GalleryPlanError) {
    let own = (refused?.problems ?? []).filter(\.isOfThisMachine)
    guard own.isEmpty else {
      throw GalleryPlanError(
        file: plan.file,
        problems: own.map {
          .init(
            line: $0.line, message: $0.message + "; machines that share a gallery need the same")
        })
    }
  }

  /// Finds out before any work whether everything can be written, and whether anything would be lost: the
  /// folder may hold other people's files, or pictures of another network, under the names of this gallery's.
  ///
  /// Pictures, pages and sheets that galleries of the same network made are replaced.
  ///
  /// - Parameter replacing: Whether whatever is there may be replaced.
  /// - Throws: `FileError.unwritable`, `OccupiedError`.
  public func checkOutput(replacing: Bool = false) throws {
    try checkWritable(pagePath)
    try checkWritable(contactSheetPath)
    guard !replacing else { return }
    for item in items {
      let occupant = Occupant(at: path(of: item))
      if !isMadeAlike(occupant) {
        throw OccupiedError(file: path(of: item), occupant: occupant.description)
      }
    }
    let sheet = Occupant(at: contactSheetPath)
    if sheet == .foreign {
      throw OccupiedError(file: contactSheetPath, occupant: sheet.description)
    }
    try checkPages()
  }

  /// Whether a gallery of this network made it.
  private func isMadeAlike(_ occupant: Occupant) -> Bool {
    switch occupant {
    case .nothing, .damaged: true
    case .foreign: false
    case .ours(let texts):
      texts[PortraitRecord.keyword] != nil && texts["Model SHA-256"] == network.sha256
    }
  }
}
