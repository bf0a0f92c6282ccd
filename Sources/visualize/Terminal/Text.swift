import Visualization

extension String {
  /// The text broken between words into lines of at most so many characters.
  ///
  /// - Parameters:
  ///   - columns: The most characters a line; a longer word stands alone.
  ///   - indent: What stands before every line that is broken off.
  ///   - first: The characters that stand before the first line already.
  /// - Returns: The lines, with newlines between them.
  func wrapped(at columns: Int, indent: String = "", first: Int = 0) -> String {
    split(separator: "\n", omittingEmptySubsequences: false).map { paragraph in
      var lines: [String] = []
      var line = String(paragraph.prefix { $0 == " " }.dropLast())
      for word in paragraph.drop(while: { $0 == " " }).split(
        separator: " ", omittingEmptySubsequences: false)
      {
        let used = line.count + (lines.isEmpty ? first : 0)
        if line.isEmpty {
          line = String(word)
        } else if used + 1 + word.count <= columns {
          line += " \(word)"
        } else {
          lines.append(line)
          line = indent + word
        }
      }
      return (lines + [line]).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// The text with spaces after it up to a width, or shortened in its middle.
  func padded(to width: Int) -> String {
    let text = shortened(to: width)
    return text + String(repeating: " ", count: width - text.count)
  }

  /// The text with spaces before it up to a width.
  func paddedOnLeft(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// The text, its middle left out where it is longer than that.
  func shortened(to width: Int) -> String {
    guard count > width, width > 1 else { return self }
    return "\(prefix(width / 2))…\(suffix(width - width / 2 - 1))"
  }
}
