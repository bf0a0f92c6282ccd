import Foundation
import Networks

/// Labels in YAML as data sets have them: a list, or labels by number, at the top or under `names`.
///
/// It reads lines such as `- cat` and `0: cat`, and one line in brackets; nothing else of YAML.
enum YAMLLabels {
  /// The labels of a text; nil where there are none.
  static func labels(in text: String) -> [String]? {
    let lines = text.split(separator: "\n").map(withoutComment).filter { line in
      !line.allSatisfy(\.isWhitespace) && line != "---"
    }
    let start = lines.firstIndex { $0.hasPrefix("names:") || $0.hasPrefix("labels:") }
    guard let start else { return block(lines) }
    let rest = lines[start].drop { $0 != ":" }.dropFirst().drop(while: \.isWhitespace)
    if !rest.isEmpty { return PythonLiteral.plainTexts(String(rest)) }
    let inside = lines[(start + 1)...].prefix { $0.first == " " || $0.first == "-" }
    return block(Array(inside))
  }

  /// The labels of lines that all are `- cat`, or all `0: cat`.
  private static func block(_ lines: [Substring]) -> [String]? {
    let items = lines.map { $0.drop(while: \.isWhitespace) }
    guard !items.isEmpty else { return nil }
    if items.allSatisfy({ $0.hasPrefix("- ") }) { return items.map { unquoted($0.dropFirst(2)) } }
    var labels: [String: String?] = [:]
    for item in items {
      guard let colon = item.firstIndex(of: ":") else { return nil }
      labels[unquoted(item[..<colon])] = unquoted(item[item.index(after: colon)...])
    }
    return LabelList.byNumber(labels)
  }

  private static func withoutComment(_ line: Substring) -> Substring {
    guard let place = line.range(of: " #")?.lowerBound else {
      return line.hasPrefix("#") ? "" : line
    }
    return line[..<place]
  }

  /// A text without the spaces around it and its quotes.
  private static func unquoted(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    guard text.count > 1, let quote = text.first, quote == "'" || quote == "\"", text.last == quote
    else { return String(text) }
    return String(text.dropFirst().dropLast())
  }
}
