import Files
import Foundation
import Networks

/// The labels of a network's classes, from a file as people have them.
///
/// | file | read |
/// | --- | --- |
/// | text | one label a line; numbers from 0 and ImageNet's numbers (`n02123045`) before them are left out |
/// | `.json` | a list; an object of labels by number, or of lists that end in one; either under `labels`, `names`, `classes`, `id2label`, `label_names` or `categories` |
/// | `.csv`, `.tsv` | the column named after a label, or the last; by the column of whole numbers where there is one |
/// | `.yaml`, `.yml` | a list, or labels by number, also under `names` |
struct LabelList {
  let labels: [String]

  /// Reads a file.
  ///
  /// - Throws: `ModelSettingsError.unreadableLabels`.
  init(contentsOf path: String) throws {
    guard let bytes = try? readFile(at: path), let text = String(validating: bytes, as: UTF8.self)
    else { throw ModelSettingsError.unreadableLabels(file: path) }
    let plain = (text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
      .replacing("\r\n", with: "\n")
    let labels: [String]? =
      switch URL(filePath: path).pathExtension.lowercased() {
      case "json": Self.labels(json: Data(bytes))
      case "csv": Self.labels(table: plain, separator: ",")
      case "tsv": Self.labels(table: plain, separator: "\t")
      case "yaml", "yml": YAMLLabels.labels(in: plain)
      default: Self.labels(lines: plain)
      }
    guard let labels, labels.contains(where: { !$0.isEmpty }) else {
      throw ModelSettingsError.unreadableLabels(file: path)
    }
    // A label is one line: they are kept so.
    self.labels = labels.map { $0.replacing("\n", with: " ") }
  }

  // MARK: Lines

  /// One label a line, without what numbers them.
  static func labels(lines text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    let numbered = lines.enumerated().compactMap { index, line -> String? in
      guard let match = line.wholeMatch(of: #/\s*(\d+)\s*[:,;\t ]\s*(\S.*)/#), Int(match.1) == index
      else { return nil }
      return String(match.2)
    }
    if lines.count > 1, numbered.count == lines.count { return numbered }
    let synsets = lines.compactMap { line in
      line.wholeMatch(of: #/n\d{8}[ \t,:]+(\S.*)/#).map { String($0.1) }
    }
    return synsets.count == lines.count ? synsets : lines
  }

  // MARK: JSON

  private static let keys = ["labels", "names", "classes", "id2label", "label_names", "categories"]

  private static func labels(json: Data) -> [String]? {
    guard let value = try? JSONSerialization.jsonObject(with: json, options: .fragmentsAllowed)
    else {
      return nil
    }
    if let object = value as? [String: Any] {
      for key in keys {
        if let inner = object[key] { return labels(of: inner) }
      }
    }
    return labels(of: value)
  }

  /// The labels of a list, or of an object whose keys are numbers.
  static func labels(of value: Any) -> [String]? {
    if let list = value as? [Any] {
      let labels = list.compactMap(label)
      return labels.count == list.count ? labels : nil
    }
    guard let object = value as? [String: Any] else { return nil }
    if let labels = byNumber(object.mapValues(label)) { return labels }
    // Names with their numbers, as in label2id.
    let turned = object.compactMap { name, number in (number as? Int).map { ("\($0)", name) } }
    guard turned.count == object.count else { return nil }
    return byNumber(Dictionary(turned, uniquingKeysWith: { first, _ in first }))
  }

  /// The labels in the order of their numbers; nil where keys are no numbers.
  static func byNumber(_ labels: [String: String?]) -> [String]? {
    let pairs = labels.compactMap { key, label -> (Int, String)? in
      guard let number = Int(key), (0..<1 << 20).contains(number), let label else { return nil }
      return (number, label)
    }
    guard pairs.count == labels.count, let last = pairs.map(\.0).max(), last < 2 * pairs.count + 100
    else { return nil }
    let known = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    return (0...last).map { known[$0] ?? "" }
  }

  /// A label: a text, the last text of a list such as `["n02123045", "tabby"]`, or an object's `name`.
  private static func label(_ value: Any) -> String? {
    switch value {
    case let text as String: text
    case let list as [Any]: list.last as? String
    case let object as [String: Any]: object["name"] as? String
    case let number as NSNumber: number.stringValue
    default: nil
    }
  }
}
