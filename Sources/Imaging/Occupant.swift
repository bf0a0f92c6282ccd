import Files

/// What is where a picture is to be written.
package enum Occupant: Equatable {
  /// No file, an empty one, or a device: nothing that could be lost.
  case nothing
  /// A picture that this program made, and what it says of itself, by keyword.
  case ours([String: String])
  /// A picture that this program made, damaged.
  case damaged
  /// Somebody else's.
  case foreign

  /// What every picture says that this program made: its name, and then its version.
  private static let mark = "visualize "

  /// Looks at a file.
  ///
  /// - Parameter path: The file, absolute or relative to the working directory.
  package init(at path: String) {
    guard isFileWithContent(at: path) else {
      self = .nothing
      return
    }
    // What cannot be read is not known to be ours.
    guard let bytes = try? readFile(at: path) else {
      self = .foreign
      return
    }
    if let texts = try? PNGText.texts(in: bytes) {
      let values = Dictionary(texts.map { ($0.keyword, $0.text) }) { first, _ in first }
      self = values["Software"]?.hasPrefix(Self.mark) == true ? .ours(values) : .foreign
    } else {
      // Wherever the damage is, it is not everywhere.
      let mark = Array("Software\0\(Self.mark)".utf8)
      let isOurs = bytes.count >= mark.count && bytes.firstRange(of: mark) != nil
      self = isOurs ? .damaged : .foreign
    }
  }

  /// Whether it may be replaced by the picture of the same thing, by the same network.
  ///
  /// - Parameters:
  ///   - title: What is to be seen, as it stands in the file.
  ///   - modelHash: The SHA-256 of the network's file.
  /// - Returns: Whether nothing is lost by that.
  package func isOf(title: String, modelHash: String) -> Bool {
    switch self {
    case .nothing, .damaged: true
    case .ours(let texts):
      texts["Title"] == title && texts["Model SHA-256"] == modelHash && texts["Gallery key"] == nil
    case .foreign: false
    }
  }

  /// What it is, with an article.
  package var description: String {
    switch self {
    case .nothing: "nothing"
    case .damaged: "a damaged picture of this program's"
    case .foreign: "a file that this program did not make"
    case .ours(let texts):
      (texts["Gallery key"] == nil ? "a picture" : "a gallery's picture")
        + " of \(texts["Title"] ?? "something else") by \(texts["Model"] ?? "another model")"
        + (texts["Model SHA-256"].map { " (\($0.prefix(8))…)" } ?? "")
    }
  }
}
