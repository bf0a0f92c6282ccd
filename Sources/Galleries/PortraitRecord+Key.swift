import Imaging
import Portraits

extension PortraitRecord {
  private static let keyword = "Gallery key"

  /// Reads what a file says.
  ///
  /// - Returns: nil if there is no such file, or it is damaged, or was made by other settings.
  init?(inFileAt path: String, key: String) {
    guard let texts = try? PNGText.texts(inFileAt: path) else { return nil }
    let values = Dictionary(texts.map { ($0.keyword, $0.text) }) { first, _ in first }
    guard values[Self.keyword] == key else { return nil }
    self.init(texts: values)
  }

  /// The text by which `init(inFileAt:key:)` knows the file again.
  static func text(key: String) -> PNGText { PNGText(keyword: keyword, text: key) }
}
