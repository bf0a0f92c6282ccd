package import Foundation

/// What the search of pages finds, as the files that their script reads.
package protocol SearchFile: Encodable {}

extension SearchFile {
  /// As JSON.
  package var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self)
    }
  }

  /// As a script: pages that lie in a folder may read no other file.
  package var script: Data {
    get throws { Data("globalThis.searchIndex = ".utf8) + (try json) + Data(";\n".utf8) }
  }
}
