import Files
import Foundation
import Imaging
import Portraits

extension Gallery {
  /// The path of a sheet.
  public func path(of sheet: GallerySheet) -> String { "\(folder)/\(sheet.fileName)" }

  /// Whether a sheet is there and was made as the plan says.
  public func isMade(_ sheet: GallerySheet) -> Bool {
    // What cannot be read is made anew.
    guard let texts = try? PNGText.texts(inFileAt: path(of: sheet)) else { return false }
    return texts.contains(PortraitRecord.text(key: sheet.key))
  }

  /// Makes the plan's sheets of photographs, those that are not there already; before the pictures are made, so that
  /// the page shows them.
  ///
  /// - Parameters:
  ///   - threads: How many threads share the work; no result depends on it.
  ///   - progress: Called with the sheet and the fraction of all that is done, 0…1.
  /// - Returns: The sheets that could not be made, and why; the others are there.
  /// - Throws: `FileError` where a file cannot be written, and `CancellationError`.
  public func makeSheets(
    threads: Int, progress: (GallerySheet, Double) -> Void = { _, _ in }
  ) throws -> [(sheet: GallerySheet, reason: String)] {
    var failures: [(sheet: GallerySheet, reason: String)] = []
    let missing = sharedSheets.filter { !isMade($0) }
    if !missing.isEmpty { try begin() }
    for (index, sheet) in missing.enumerated() {
      let lock = try lock(on: sheet) { progress(sheet, Double(index) / Double(missing.count)) }
      defer { withExtendedLifetime(lock) {} }
      if isMade(sheet) { continue }
      if part != nil, let reason = try failureNotes.reason(of: sheet.key) {
        failures.append((sheet, reason))
        continue
      }
      let picture: Picture
      do {
        picture = try sheet.content.picture(of: sheet.picture, threads: threads) {
          progress(sheet, (Double(index) + $0) / Double(missing.count))
        }
      } catch let error as CancellationError {
        throw error
      } catch {
        try failureNotes.keep(error, of: sheet.key, named: sheet.fileName, write)
        failures.append((sheet, "\(error)"))
        continue
      }
      let texts =
        provenance.texts(network: network, title: sheet.title)
        + [PortraitRecord.text(key: sheet.key)]
      try write(picture.png(texts: texts), path(of: sheet))
    }
    return failures
  }

  /// Waits until no other run is making a sheet.
  private func lock(on sheet: GallerySheet, progress: () -> Void) throws -> FileLock {
    while true {
      if let lock = try FileLock.taken(on: sheet.fileName, in: folder) { return lock }
      progress()
      Thread.sleep(forTimeInterval: 0.2)
    }
  }
}
