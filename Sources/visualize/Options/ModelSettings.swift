import Foundation
import Networks
import Visualization

/// What is known of a model's pictures and labels, in the words of the file's metadata: `input.color`,
/// `input.range`, `input.mean`, `input.std`, `input.size`, `labels`; and of what suits its logits,
/// `visualize.logits.tv` for example.
struct ModelSettings {
  /// Keys and values as in the metadata.
  private(set) var values: [String: String]

  static let keys =
    [
      "input.color", "input.range", "input.mean", "input.std", "input.size", "labels",
    ] + Recipe.metadataKeys

  /// Takes what is well formed.
  ///
  /// - Parameters:
  ///   - values: Keys and values; keys that mean nothing here are left out.
  ///   - source: Who says it, for errors.
  /// - Throws: `ModelSettingsError.badValue`.
  init(_ values: [String: String], from source: String) throws {
    self.values = values.filter { Self.keys.contains($0.key) }
    for (key, value) in self.values { try Self.check(key, value, source) }
  }

  /// Reads the JSON file beside a model: `net.json` beside `net.onnx`, with the same keys.
  ///
  /// - Returns: Nothing where there is no such file.
  init(besideModel path: String) throws {
    let file = Self.file(besideModel: path)
    guard let data = FileManager.default.contents(atPath: file) else {
      try self.init([:], from: file)
      return
    }
    guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw ModelSettingsError.badJSON(file: file)
    }
    for key in object.keys.sorted()
    where (key.hasPrefix("input.") || key.hasPrefix("visualize.")) && !Self.keys.contains(key) {
      throw ModelSettingsError.unknownKey(
        key, file: file, near: nearest(to: key, in: Self.keys).first)
    }
    try self.init(object.compactMapValues(Self.text), from: file)
  }

  static func file(besideModel path: String) -> String {
    (path.hasSuffix(".onnx") ? String(path.dropLast(5)) : path) + ".json"
  }

  /// A value of JSON in the form of the metadata: labels in lines, numbers with commas.
  private static func text(_ value: Any) -> String? {
    switch value {
    case let text as String: text
    case let texts as [String]: texts.joined(separator: "\n")
    case let numbers as [NSNumber]: numbers.map(\.stringValue).joined(separator: ",")
    case let number as NSNumber: number.stringValue
    default: nil
    }
  }

  private static func check(_ key: String, _ value: String, _ source: String) throws {
    let numbers = NumberList(argument: value)?.numbers
    let expected: String? =
      switch key {
      case "input.color":
        Preprocessing.Color.allCases.contains { $0.rawValue.lowercased() == value.lowercased() }
          ? nil : "RGB, BGR or gray"
      case "input.range":
        numbers?.count == 2 && numbers?[0] != numbers?[1]
          ? nil : "the values of black and white, such as 0,255"
      case "input.mean": numbers != nil ? nil : "a number a channel, such as 104,117,123"
      case "input.std":
        numbers?.allSatisfy { $0 > 0 } == true ? nil : "a positive number a channel"
      case "input.size":
        (1...2).contains(numbers?.count ?? 0) && numbers?.allSatisfy { $0 >= 1 } == true
          ? nil : "height and width in pixels, such as 224,224"
      case _ where key.hasPrefix("visualize."):
        numbers?.count == 1 && numbers?[0] ?? -1 >= 0 ? nil : "a number, 0 or more"
      default: nil
      }
    if let expected {
      throw ModelSettingsError.badValue(key: key, value: value, source: source, expected: expected)
    }
  }
}

/// What can be wrong with what is said about a model.
enum ModelSettingsError: Error, CustomStringConvertible {
  case noBundledModel(beside: String)
  case badJSON(file: String)
  case unknownKey(String, file: String, near: String?)
  case badValue(key: String, value: String, source: String, expected: String)
  case unreadableLabels(file: String)
  case fixedSize(file: String, height: Int, width: Int)

  var description: String {
    switch self {
    case .noBundledModel(let folder):
      "the model that ships is not there: keep the folder models beside the program (in \(folder)), "
        + "or name another model by --model"
    case .badJSON(let file):
      "\(file) stands beside the model but is no JSON object; write it as {\"input.range\": [0, 255]}"
    case .unknownKey(let key, let file, let near):
      "\(file): there is no setting \(key)\(near.map { "; did you mean \($0)?" } ?? "")"
    case .badValue(let key, let value, let source, let expected):
      "\(source): \(key) is “\(value)” and must be \(expected)"
    case .unreadableLabels(let file):
      "cannot read the labels in \(file); it must be a text file with one label a line"
    case .fixedSize(let file, let height, let width):
      "\(file) declares that it takes pictures of \(width)×\(height) pixels; leave --size out, or export "
        + "it again with height and width left open"
    }
  }
}
