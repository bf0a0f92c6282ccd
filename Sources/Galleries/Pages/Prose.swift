/// A text of a plan with links in it: `[words](address)`.
///
/// Addresses are `http:`, `https:`, `mailto:`, or relative: places on the page and files beside it. Everything else
/// would be run by a browser or lead to the machine of who made the page.
struct Prose: Hashable {
  private enum Part: Hashable {
    case text(String)
    case link(String, address: String)
  }

  private let parts: [Part]

  /// Reads a text.
  ///
  /// - Throws: `ProseError` with the first address that a page may not have.
  init(_ text: String) throws(ProseError) {
    var parts: [Part] = []
    var rest = text[...]
    while let match = rest.firstMatch(of: Self.link) {
      let (words, address) = (String(match.output.1), String(match.output.2))
      guard Self.isAllowed(address) else { throw ProseError(address: address) }
      parts.append(.text(String(rest[..<match.range.lowerBound])))
      parts.append(.link(words, address: address))
      rest = rest[match.range.upperBound...]
    }
    self.parts = parts + [.text(String(rest))]
  }

  /// The text for a page.
  var html: String {
    parts.map { part in
      switch part {
      case .text(let text): HTML.escaped(text)
      case .link(let words, let address):
        "<a href=\"\(HTML.escaped(address))\" rel=\"noreferrer\">\(HTML.escaped(words))</a>"
      }
    }.joined()
  }

  /// Words in brackets and an address in parentheses, which may have parentheses of its own.
  private static var link: Regex<(Substring, Substring, Substring)> {
    /\[([^\[\]]+)\]\(((?:[^()\s]|\([^()\s]*\))+)\)/
  }

  private static func isAllowed(_ address: String) -> Bool {
    let isRelative = !address.hasPrefix("/") && !address.hasPrefix("\\")
    let start = address.prefix { !"/?#".contains($0) }
    guard let colon = start.firstIndex(of: ":") else { return isRelative }
    return ["http", "https", "mailto"].contains(start[..<colon].lowercased())
  }
}

/// An address that a page may not lead to.
struct ProseError: Error, CustomStringConvertible {
  let address: String

  var description: String {
    "`\(address)` is no address for a page; links lead to http:, https: or mailto:, or, without a slash at the "
      + "start, to files of the gallery"
  }
}

extension HTML {
  /// Paragraphs, one a line, with links.
  static func paragraphs(_ text: String, class name: String? = nil) -> String {
    let start = name.map { "<p class=\"\($0)\">" } ?? "<p>"
    return text.split(separator: "\n").map { "\(start)\(prose(String($0)))</p>" }
      .joined(separator: "\n")
  }

  /// A text with links; one with an address that may not be stays as it is written.
  static func prose(_ text: String) -> String {
    do { return try Prose(text).html } catch { return escaped(text) }
  }
}
