import Explanations
import Files
import Portraits
import Visualization

extension Gallery {
  /// Makes page and contact sheet of pictures that lie in the folder, and no picture: what several parts made
  /// becomes the very bytes of a gallery made in one go.
  ///
  /// - Returns: What was there, and what could not be made by whoever tried.
  /// - Throws: `MissingPicturesError` where pictures are neither there nor known to be impossible, `FileError`.
  public func merge() throws -> Report {
    var results = Results(gallery: self, records: records())
    for index in results.missing {
      guard let reason = try failureNotes.reason(of: keys[index]) else { continue }
      results.add(.failed(reason: reason), at: index)
    }
    let missing = try unsettled(among: results.missing)
    guard missing.isEmpty else {
      throw MissingPicturesError(in: folder, missing: missing, costs: costs)
    }
    try finish(&results)
    return results.report()
  }

  /// Whether everything of the share is there or known to be impossible, so that another try would not help.
  ///
  /// - Throws: `FileError` where a note cannot be read.
  public func isSettled() throws -> Bool {
    try unsettled(among: missing.filter { try failureNotes.reason(of: keys[$0]) == nil }).isEmpty
  }

  /// What of the share is neither there nor known to be impossible: pictures, of which that is known, and sheets.
  private func unsettled(among pictures: [Int]) throws -> [(place: Int, name: String)] {
    let explained = try sheets.indices.filter { index in
      try share.contains(items.count + index) && !isMade(sheets[index])
        && failureNotes.reason(of: sheets[index].key) == nil
    }
    return pictures.map { ($0, items[$0].fileName) }
      + explained.map { (items.count + $0, sheets[$0].fileName) }
  }

  /// The sheets that could not be made by whoever tried, and why.
  ///
  /// - Throws: `FileError` where a note cannot be read.
  public func failedSheets() throws -> [(sheet: GallerySheet, reason: String)] {
    try sheets.compactMap { sheet in
      try isMade(sheet) ? nil : failureNotes.reason(of: sheet.key).map { (sheet, $0) }
    }
  }

  /// What stands at the end, once all is there that can be.
  func finish(_ results: inout Results) throws {
    if let sheet = try contactSheet(results) {
      try write(
        sheet.png(texts: provenance.texts(network: network, title: title)), contactSheetPath)
    }
    try writePages(&results)
    let failed = results.failures.keys.map { keys[$0] }
    try failureNotes.removeAll(but: failed + sheets.filter { !isMade($0) }.map(\.key))
    try PartMarks(in: folder).removeAll()
  }

  /// Why pictures could not be made.
  var failureNotes: FailureNotes { FailureNotes(in: folder) }

  /// What the pictures cost, and behind them the sheets, by which parts are dealt out.
  var costs: [Double] { items.map(\.work) + sheets.map(\.content.work) }
}
