import Files
import Foundation
import Networks

/// The labels of a network's classes, from a file as people have them.
///
/// | file | read |
/// | --- | --- |
/// | text | one label a line; in the order of numbers from 0 or 1 before or behind them, which are left out as ImageNet's are (`n02123045`) |
/// | `.json` | a list, also of objects with a `name`, by their `id` where they have such; an object of labels by number, or of lists that end in one; either under `labels`, `names`, `classes`, `id2label`, `label_names` or `categories` |
/// | `.csv`, `.tsv` | with commas, or semicolons as spreadsheets write them: the column named after a label, or the last; by the column of whole numbers where there is one |
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
      case "csv": Self.labels(table: plain, separator: Self.separator(ofTable: plain))
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
    if let labels = numbered(lines) ?? numberedBehind(lines) { return labels }
    let synsets = lines.compactMap { line in
      line.wholeMatch(of: #/n\d{8}[ \t,:]+(\S.*)/#).map { String($0.1) }
    }
    return synsets.count == lines.count ? synsets : lines
  }

  /// The labels of lines that all begin with a number; nil where they do not, or the numbers are the labels' own.
  ///
  /// What stands between tells: after `3:` or `3,` a label goes by its number; after a mere blank only where the lines are
  /// in order, as a label may begin with a number.
  private static func numbered(_ lines: [String]) -> [String]? {
    var isSorted = true
    let found = lines.compactMap { line -> (number: Int, label: String)? in
      guard let match = line.wholeMatch(of: #/\s*(\d+)\s*([:,;\t ])\s*(\S.*)/#) else { return nil }
      if match.2 == " " { isSorted = false }
      return Int(match.1).map { ($0, String(match.3)) }
    }
    guard lines.count > 1, found.count == lines.count else { return nil }
    if isSorted { return inOrder(found) }
    let numbers = found.map(\.number)
    let isFromOne = numbers.elementsEqual(1...lines.count)
    guard
      numbers.elementsEqual(0..<lines.count)
        || isFromOne && Set(found.map(\.label)).count == lines.count
    else { return nil }
    return found.map(\.label)
  }

  /// The labels of lines that all end in a number, `tabby 0`; nil where they do not, or the numbers are the labels' own as
  /// in `digit 0`, `digit 1`.
  private static func numberedBehind(_ lines: [String]) -> [String]? {
    let found = lines.compactMap { line -> (number: Int, label: String)? in
      guard let match = line.wholeMatch(of: #/\s*(\S.*?)\s*([:,;\t ])\s*(\d+)\s*/#) else {
        return nil
      }
      return Int(match.3).map { ($0, String(match.1)) }
    }
    guard lines.count > 1, found.count == lines.count,
      Set(found.map(\.label)).count == found.count
    else { return nil }
    let isSorted = zip(found, found.dropFirst()).allSatisfy { $0.number < $1.number }
    let hasBlanks = lines.contains { $0.wholeMatch(of: #/.*[:,;\t]\s*\d+\s*/#) == nil }
    return isSorted || !hasBlanks ? inOrder(found) : nil
  }

  /// Labels by their numbers, where these are all from 0, or all from 1; nil where they are not.
  static func inOrder(_ labels: [(number: Int, label: String)]) -> [String]? {
    let sorted = labels.sorted { $0.number < $1.number }
    guard let first = sorted.first?.number, (0...1).contains(first),
      sorted.map(\.number).elementsEqual(first..<first + sorted.count)
    else { return nil }
    return sorted.map(\.label)
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
      guard labels.count == list.count else { return nil }
      return inOrder(list, labels)
    }
    guard let object = value as? [String: Any] else { return nil }
    if let labels = byNumber(object.mapValues(label)) { return labels }
    // Names with their numbers, as in label2id.
    let turned = object.compactMap { name, number in (number as? Int).map { ("\($0)", name) } }
    guard turned.count == object.count else { return nil }
    return byNumber(Dictionary(turned, uniquingKeysWith: { first, _ in first }))
  }

  /// What an object of a list calls its number.
  private static let numberKeys = ["id", "index", "class_id", "label_id", "category_id"]

  /// The labels of a list, whose objects may have numbers: in the list's order where that is theirs too, as with gaps
  /// between them; by the numbers where these are all from 0 or 1; nil where they are neither.
  private static func inOrder(_ list: [Any], _ labels: [String]) -> [String]? {
    let objects = list.compactMap { $0 as? [String: Any] }
    guard objects.count == list.count else { return labels }
    let numbered = numberKeys.compactMap { key -> [Int]? in
      let numbers = objects.compactMap {
        ($0[key] as? Int) ?? ($0[key] as? String).flatMap { Int($0) }
      }
      return numbers.count == objects.count ? numbers : nil
    }
    guard let first = numbered.first else { return labels }
    for numbers in numbered {
      if let sorted = inOrder(zip(numbers, labels).map { (number: $0, label: $1) }) {
        return sorted
      }
    }
    return zip(first, first.dropFirst()).allSatisfy { $0 < $1 } ? labels : nil
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
