package import Files
import Memory
import Portraits

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Why pictures could not be made, a small file each, so that one machine knows it of what another tried.
///
/// What a machine has no memory or no disk for is not noted: another may have it.
package struct FailureNotes: Sendable {
  private let folder: String

  /// Creates the notes of a folder of pictures.
  package init(in folder: String) { self.folder = "\(folder)/failed" }

  private func path(_ key: String) -> String { "\(folder)/\(PictureCache.name(of: key)).txt" }

  /// Why a picture could not be made; nil: nothing is known of that.
  ///
  /// - Throws: `FileError` where the note cannot be read.
  package func reason(of key: String) throws(FileError) -> String? {
    guard isFileWithContent(at: path(key)) else { return nil }
    // The first line names the picture; a line's end closes the text.
    let text = String(decoding: try readFile(at: path(key)).dropLast(), as: UTF8.self)
    return text.split(separator: "\n", maxSplits: 1).last.map(String.init)
  }

  /// Keeps why a picture could not be made, unless that is the machine's fault.
  ///
  /// - Throws: `FileError`.
  package func keep(
    _ error: any Error, of key: String, named title: String, _ write: Gallery.Writer
  ) throws {
    guard Self.isLasting(error) else { return }
    try write(Array("\(title)\n\("\(error)".withoutFolders)\n".utf8), path(key))
  }

  /// Whether another machine would fail as well.
  package static func isLasting(_ error: any Error) -> Bool {
    !(error is FileError || (error as? any ShortageOfMemory)?.isShortageOfMemory == true)
  }

  /// Removes the notes of pictures that were made since, or that nobody asks for any more, and nothing else.
  ///
  /// - Parameter keys: Of the pictures whose notes stay.
  /// - Throws: `FileError` where one cannot be removed.
  package func removeAll(but keys: some Sequence<String>) throws(FileError) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
    let kept = Set(keys.map { PictureCache.name(of: $0) })
    for name in names where name.hasSuffix(".txt") {
      let key = String(name.dropLast(4))
      if PictureCache.isName(key), !kept.contains(key) { try removeFile("\(folder)/\(name)") }
    }
    removeLeftovers(in: folder)
    try removeEmptyFolder(folder)
  }
}
