package import Imaging
package import Portraits

extension PortraitRecord {
  static let keyword = "Gallery key"

  /// Reads what a file says.
  ///
  /// - Returns: nil if there is no such file, or it is damaged or longer than it should be, or was made by
  ///   other settings.
  package init?(inFileAt path: String, key: String) {
    // Whatever is wrong with it, it is made again.
    guard let texts = try? PNGText.texts(inFinishedFileAt: path) else { return nil }
    let values = Dictionary(texts.map { ($0.keyword, $0.text) }) { first, _ in first }
    guard values[Self.keyword] == key else { return nil }
    self.init(texts: values)
  }

  /// The text by which `init(inFileAt:key:)` knows the file again.
  package static func text(key: String) -> PNGText { PNGText(keyword: keyword, text: key) }
}
