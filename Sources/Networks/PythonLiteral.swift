/// Lists and dictionaries of texts as Python writes them, which is how Ultralytics stores the names of classes.
package enum PythonLiteral {
  /// The texts of `{0: 'cat', 1: "dog's"}` in the order of their numbers, or of `['cat', 'dog']`; JSON is read
  /// as well.
  ///
  /// - Parameter literal: The text.
  /// - Returns: A text a number, empty where one is left out; nil where it is neither.
  static func texts(_ literal: String) -> [String]? {
    var reader = Reader(rest: Substring(literal))
    guard let open = reader.next(), open == "{" || open == "[" else { return nil }
    let close: Character = open == "{" ? "}" : "]"
    var texts: [Int: String] = [:]
    while reader.peek != close {
      var number = texts.count
      if open == "{" {
        guard let key = reader.key(), reader.next() == ":" else { return nil }
        number = key
      }
      guard let text = reader.text() else { return nil }
      texts[number] = text
      if reader.peek == "," { _ = reader.next() } else if reader.peek != close { return nil }
    }
    // Numbers that are far apart are no numbers of classes.
    guard let last = texts.keys.max() else { return [] }
    guard last < texts.count + 1000 else { return nil }
    return (0...last).map { texts[$0] ?? "" }
  }

  /// The texts of a list or dictionary whose texts need no quotes, as YAML has it: `[cat, 'dog']`, `{0: cat}`.
  package static func plainTexts(_ literal: String) -> [String]? {
    if let texts = texts(literal) { return texts }
    guard let open = literal.first, "[{".contains(open), let close = literal.last,
      "]}".contains(close)
    else { return nil }
    return literal.dropFirst().dropLast().split(separator: ",").map { part in
      let text = open == "{" ? part.drop { $0 != ":" }.dropFirst() : part
      return String(text.filter { $0 != "'" && $0 != "\"" }.drop(while: \.isWhitespace))
    }
  }

  private struct Reader {
    var rest: Substring

    /// The next character that is no space.
    var peek: Character? {
      mutating get {
        rest = rest.drop(while: \.isWhitespace)
        return rest.first
      }
    }

    mutating func next() -> Character? {
      guard let character = peek else { return nil }
      rest.removeFirst()
      return character
    }

    /// A number from 0, quoted or not.
    mutating func key() -> Int? {
      if peek == "'" || peek == "\"" { return text().flatMap { Int($0) } }
      let digits = rest.prefix(while: \.isNumber)
      rest.removeFirst(digits.count)
      return Int(digits).flatMap { (0..<1 << 24).contains($0) ? $0 : nil }
    }

    /// A text in quotes.
    mutating func text() -> String? {
      guard let quote = next(), quote == "'" || quote == "\"" else { return nil }
      var text = ""
      while let character = rest.popFirst() {
        if character == quote { return text }
        guard character == "\\", let escaped = rest.popFirst() else {
          text.append(character)
          continue
        }
        text.append(escaped == "n" || escaped == "t" ? " " : escaped)
      }
      return nil
    }
  }
}
