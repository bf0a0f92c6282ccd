extension Typefaces {
  /// The scalar whose glyph stands for a character; nil for what has no width.
  ///
  /// A letter with marks is the letter that has the mark in it, or the letter alone: marks without end on one
  /// letter, as they occur in labels from the web, cannot leave their line.
  static func scalar(for character: Character) -> Unicode.Scalar? {
    if character.isNewline || character == "\t" { return " " }
    guard let first = character.unicodeScalars.first else { return nil }
    if character.unicodeScalars.count > 1, let composed = composed[character] { return composed }
    switch first.properties.generalCategory {
    case .format, .nonspacingMark, .enclosingMark: return nil
    case .control: return "\u{FFFD}"
    case .spaceSeparator: return " "
    default: return first
    }
  }

  /// Letters with marks, by all ways to write them: characters are equal if they are canonically equivalent.
  private static let composed: [Character: Unicode.Scalar] = {
    var composed: [Character: Unicode.Scalar] = [:]
    for range in [0xC0...0x24F, 0x370...0x45F, 0x1E00...0x1EFF] as [ClosedRange<UInt32>] {
      for value in range {
        if let scalar = Unicode.Scalar(value) { composed[Character(scalar)] = scalar }
      }
    }
    return composed
  }()
}
