import Synchronization

/// How a line of text is set: in Inter, in one of two weights, at a size.
///
/// The typeface ships with the program, so that the same text gives the same pixels on every machine.
/// Characters that it lacks are set as boxes. Combining marks are set where a letter with the mark exists, and
/// left out elsewhere.
public struct Lettering: Hashable, Sendable {
  /// How heavy the letters are.
  public enum Weight: Hashable, Sendable {
    /// For texts and numbers.
    case regular
    /// For titles.
    case semibold
  }

  /// The size, in pixels an em.
  public var size: Double
  /// How heavy the letters are.
  public var weight: Weight

  /// Creates a lettering.
  ///
  /// - Parameters:
  ///   - size: The size, in pixels an em.
  ///   - weight: How heavy the letters are.
  /// - Precondition: `size` is above 0 and at most 1000.
  public init(size: Double, weight: Weight = .regular) {
    precondition(size > 0 && size <= 1000, "Lettering: letters of \(size) pixels an em")
    (self.size, self.weight) = (size, weight)
  }

  /// The height of the capitals above the base line, in pixels.
  public var capHeight: Double { size * 0.727 }

  /// The distance between the base lines of two lines of text, in pixels.
  public var lineHeight: Double { size * 1.4 }

  /// How far letters such as p reach below the base line, in pixels.
  public var descent: Double { size * 0.21 }

  /// The width of a line of text, in pixels.
  ///
  /// - Parameter text: One line.
  /// - Returns: 0 for the empty text.
  public func width(of text: String) -> Double {
    Typefaces.shared.withLock { faces in
      text.reduce(0) { $0 + faces.advance(of: Typefaces.scalar(for: $1), in: self) }
    }
  }

  /// The same lettering, or a smaller one in which a text needs no more room than there is.
  ///
  /// - Parameters:
  ///   - text: One line.
  ///   - room: The room, in pixels.
  ///   - least: The smallest part of the size that is taken, 0…1; texts wider than that stay too wide.
  /// - Returns: The lettering.
  public func fitting(_ text: String, to room: Double, least: Double = 0.7) -> Lettering {
    let needed = width(of: text)
    guard needed > room else { return self }
    return Lettering(size: size * max(room / needed * 0.99, least), weight: weight)
  }

  /// The text, cut and closed by an ellipsis if it is wider than there is room.
  ///
  /// - Parameters:
  ///   - text: One line.
  ///   - room: The room, in pixels.
  /// - Returns: A text that fits; the empty text if not even the ellipsis does.
  public func shortened(_ text: String, to room: Double) -> String {
    guard width(of: text) > room else { return text }
    var left = room - width(of: "…")
    var kept = ""
    for character in text {
      left -= width(of: String(character))
      guard left >= 0 else { break }
      kept.append(character)
    }
    while kept.last == " " { kept.removeLast() }
    return kept.isEmpty ? "" : kept + "…"
  }

  /// The text in lines that are no wider than there is room, broken between words.
  ///
  /// - Parameters:
  ///   - text: Any text; newlines stay.
  ///   - room: The room, in pixels.
  ///   - limit: The most lines; the last one then ends in an ellipsis.
  /// - Returns: The lines.
  public func lines(of text: String, in room: Double, atMost limit: Int = .max) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        let longer = line.isEmpty ? String(word) : "\(line) \(word)"
        if line.isEmpty || width(of: longer) <= room {
          line = longer
        } else {
          lines.append(line)
          line = String(word)
        }
      }
      lines.append(line)
    }
    if lines.count > limit {
      lines = lines.prefix(limit - 1) + [lines[(limit - 1)...].joined(separator: " ")]
    }
    return lines.map { shortened($0, to: room) }
  }
}
