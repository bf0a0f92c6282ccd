/// The font of captions: small, proportional, in whole multiples of its size.
///
/// At scale 1 a dot is a pixel; at larger scales corners and slants are rounded and antialiased.
public enum BitmapFont {
  /// The height of the capitals above the base line, in pixels at scale 1.
  public static let capHeight = 7
  /// The height of a glyph with its descender, in pixels at scale 1.
  public static let height = 9
  /// The distance between the base lines of two lines of text, in pixels at scale 1.
  public static let lineHeight = 12

  /// The width of a line of text, in pixels.
  ///
  /// - Parameters:
  ///   - text: One line; characters that are missing count as boxes.
  ///   - scale: How many pixels each dot of the font is wide and high.
  /// - Returns: 0 for the empty text.
  public static func width(of text: String, scale: Int = 1) -> Int {
    let widths = text.map { glyph(for: $0).width + 1 }
    return max(widths.reduce(0, +) - 1, 0) * scale
  }

  /// The text, cut and closed by an ellipsis if it is wider than there is room.
  ///
  /// - Parameters:
  ///   - text: One line.
  ///   - room: The room, in pixels.
  ///   - scale: How many pixels each dot of the font is wide and high.
  /// - Returns: A text that fits; the empty text if not even the ellipsis does.
  public static func shortened(_ text: String, to room: Int, scale: Int = 1) -> String {
    guard width(of: text, scale: scale) > room else { return text }
    var kept = text
    while !kept.isEmpty {
      kept.removeLast()
      while kept.last == " " { kept.removeLast() }
      let candidate = kept + "…"
      if width(of: candidate, scale: scale) <= room { return candidate }
    }
    return ""
  }

  static func glyph(for character: Character) -> Glyph {
    glyphs[character] ?? plain[character].flatMap { glyphs[$0] } ?? missing
  }

  private static let missing = glyphs["\u{FFFD}"] ?? Glyph(rows: [])

  private static let glyphs: [Character: Glyph] = {
    var glyphs: [Character: Glyph] = [:]
    for block in GlyphDrawings.blocks {
      let lines = block.rows.split(separator: "\n").map { $0.split(separator: " ") }
      for (index, character) in block.characters.enumerated() {
        let rows = lines.map { line in line[index].map { $0 == "#" } }
        glyphs[character] = Glyph(rows: rows)
      }
    }
    return glyphs
  }()

  /// The letter that stands for an accented one or a typographic sign that the font lacks.
  private static let plain: [Character: Character] = {
    let groups: [(Character, String)] = [
      ("A", "ÀÁÂÃÄÅĀ"), ("C", "ÇĆČ"), ("E", "ÈÉÊËĒ"), ("I", "ÌÍÎÏ"), ("N", "ÑŃ"), ("O", "ÒÓÔÕÖØŌ"),
      ("S", "ŚŠ"), ("U", "ÙÚÛÜŪ"), ("Y", "Ý"), ("Z", "ŹŻŽ"), ("a", "àáâãäåā"), ("c", "çćč"),
      ("e", "èéêëēę"), ("i", "ìíîï"), ("l", "ł"), ("n", "ñńň"), ("o", "òóôõöøō"), ("r", "ř"),
      ("s", "śšß"), ("u", "ùúûüūů"), ("y", "ýÿ"), ("z", "źżž"), ("'", "‘’´"), ("\"", "“”„"),
      ("-", "\u{2010}\u{2011}−"), (" ", "\u{A0}\u{2009}\u{202F}\t"),
    ]
    var plain: [Character: Character] = [:]
    for (letter, accented) in groups { for character in accented { plain[character] = letter } }
    return plain
  }()
}
