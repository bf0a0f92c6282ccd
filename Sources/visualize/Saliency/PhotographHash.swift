import Files
import Foundation
import Imaging

/// Which photographs a result shows, so that it is not replaced by that of others with the same names.
struct PhotographHash: Hashable {
  /// What a PNG says it under.
  private static let keyword = "Photograph SHA-256"

  /// The SHA-256 of the one file, or of the hashes of all of them.
  let hexadecimal: String

  /// Hashes files; what cannot be read counts as nothing here, and is said when it is to be explained.
  init(of paths: [String]) {
    let hashes = paths.map { path in
      do {
        return SHA256.hexadecimal(Data(try readFile(at: path)))
      } catch {
        return ""
      }
    }
    hexadecimal =
      hashes.count == 1
      ? hashes[0] : SHA256.hexadecimal(Data(hashes.joined(separator: "\n").utf8))
  }

  /// What stands in a PNG.
  var text: PNGText { PNGText(keyword: Self.keyword, text: hexadecimal) }

  /// Whether a PNG with such texts shows the same photographs.
  func isIn(_ texts: [String: String]) -> Bool { texts[Self.keyword] == hexadecimal }
}
