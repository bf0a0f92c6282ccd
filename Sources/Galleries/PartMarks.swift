package import Files

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Which parts of a folder were begun: an empty hidden file each, until they are merged.
package struct PartMarks: Sendable {
  private let folder: String

  /// Creates the marks of a folder of pictures.
  package init(in folder: String) { self.folder = "\(folder)/.parts" }

  /// Marks a part as begun; also finds out whether the folder can be written to.
  ///
  /// - Throws: `FileError`.
  package func begin(_ part: Part, _ write: Gallery.Writer) throws {
    try write([], "\(folder)/\(part.number)-of-\(part.count)")
  }

  /// The parts that were begun; where they were divided in several ways, those of the way with the most.
  package var begun: [Part] {
    let parts = marks.map(\.part)
    let ways = Dictionary(grouping: parts, by: \.count).values
    let most = ways.max { ($0.count, $0[0].count) < ($1.count, $1[0].count) } ?? []
    return most.sorted { $0.number < $1.number }
  }

  private var marks: [(name: String, part: Part)] {
    // Nobody has to have made parts.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { name in
      Part(name.replacing("-of-", with: "/")).map { (name, $0) }
    }
  }

  /// Removes the marks.
  ///
  /// - Throws: `FileError` where they cannot be removed.
  package func removeAll() throws(FileError) {
    for (name, _) in marks { try removeFile("\(folder)/\(name)") }
    removeLeftovers(in: folder)
    try removeEmptyFolder(folder)
  }
}
