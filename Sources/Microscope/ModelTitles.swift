import Foundation

/// What networks that are shown together are called: each by its file's name, those of one name by as many of the folders
/// above as tell them apart, and one file several times by its number as well.
package struct ModelTitles: Sendable {
  /// The titles, in the order of the files.
  package let titles: [String]

  /// Finds titles.
  ///
  /// - Parameter paths: The files.
  package init(ofFilesAt paths: [String]) {
    let parts = paths.map { path -> [String] in
      URL(filePath: path).standardizedFileURL.pathComponents.dropFirst().reversed()
    }
    titles = parts.indices.map { index in
      let own = parts[index]
      let others = parts.filter { $0 != own }
      // All of a path tells it from any other.
      let count = own.indices.map { $0 + 1 }.first { count in
        !others.contains { $0.prefix(count) == own.prefix(count) }
      }
      let title = own.prefix(count ?? own.count).reversed().joined(separator: "/")
      let number = parts[...index].filter { $0 == own }.count
      return number == 1 ? title : "\(title) (\(number))"
    }
  }
}
