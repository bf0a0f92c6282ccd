import Files
import Foundation
import Networks
import Visualization

/// What is known of a model's pictures and labels, in the words of the file's metadata: `input.color`,
/// `input.range`, `input.mean`, `input.std`, `input.size`, `input.slices`, `labels`, `output.kind`, `output.link`; and of what suits its
/// logits, `visualize.logits.tv` for example.
public struct ModelSettings: Sendable {
  /// Keys and values as in the metadata.
  public private(set) var values: [String: String]
  /// Who says it, for errors.
  let source: String

  /// What stands for a file where somebody says it to the program.
  public static let commandLine = "the command line"

  /// The keys that mean something here.
  public static let keys =
    [
      "input.color", "input.range", "input.mean", "input.std", "input.size", "input.slices",
      "labels", "output.kind", "output.link",
    ] + Recipe.metadataKeys

  /// Takes what is well formed.
  ///
  /// - Parameters:
  ///   - values: Keys and values; keys that mean nothing here are left out.
  ///   - source: Who says it, for errors.
  /// - Throws: `ModelSettingsError.badValue`.
  public init(_ values: [String: String], from source: String) throws {
    self.source = source
    self.values = values.filter { Self.keys.contains($0.key) }
    for (key, value) in self.values { try Self.check(key, value, source) }
  }

  /// Reads the JSON file beside a model: `net.json` beside `net.onnx`, with the same keys.
  ///
  /// Nothing where there is no such file.
  ///
  /// - Parameter path: The model's file.
  /// - Throws: `ModelSettingsError` for a file that is no object, a key that means nothing and a bad value.
  public init(besideModel path: String) throws {
    let file = Self.file(besideModel: path)
    guard FileManager.default.fileExists(atPath: file) else {
      try self.init([:], from: file)
      return
    }
    let data = Data(try readFile(at: file))
    guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw ModelSettingsError.badJSON(file: file)
    }
    for key in object.keys.sorted()
    where ["input.", "output.", "visualize."].contains(where: { key.hasPrefix($0) })
      && !Self.keys.contains(key)
    {
      throw ModelSettingsError.unknownKey(
        key, file: file, near: nearest(to: key, in: Self.keys).first)
    }
    var values: [String: String] = [:]
    for (key, value) in object where Self.keys.contains(key) {
      guard let text = Self.text(value, between: key == "labels" ? "\n" : ",") else {
        throw ModelSettingsError.badValue(
          key: key, value: "\(value)", source: file, expected: "a text, a number or a list of them")
      }
      values[key] = text
    }
    try self.init(values, from: file)
  }

  static func file(besideModel path: String) -> String {
    (path.hasSuffix(".onnx") ? String(path.dropLast(5)) : path) + ".json"
  }

  /// A value of JSON in the form of the metadata; nil where it is none.
  private static func text(_ value: Any, between separator: String) -> String? {
    switch value {
    case let text as String: text
    case let texts as [String]: texts.joined(separator: separator)
    case let numbers as [NSNumber]: numbers.map(\.stringValue).joined(separator: separator)
    case let number as NSNumber: number.stringValue
    default: nil
    }
  }

  /// How many slices a volume has; nil where nothing is said.
  var slices: Int? { values["input.slices"].flatMap { Int($0) } }

  /// Refuses lists that have neither one number nor one a channel.
  ///
  /// - Parameter channels: Those of the network's pictures.
  /// - Throws: `ModelSettingsError.badValue`.
  func check(channels: Int) throws {
    for key in ["input.mean", "input.std"] {
      guard let value = values[key], let count = NumberList(value)?.numbers.count,
        count != 1, count != channels
      else { continue }
      throw ModelSettingsError.badValue(
        key: key, value: value, source: source,
        expected: "one number, or one for each of the \(channels) channels")
    }
  }

  private static func check(_ key: String, _ value: String, _ source: String) throws {
    let numbers = NumberList(value)?.numbers
    let expected: String? =
      switch key {
      case "input.size":
        (1...2).contains(numbers?.count ?? 0) && numbers?.allSatisfy { $0 >= 1 } == true
          ? nil : "height and width in pixels, such as 224,224"
      case "output.kind":
        NumberKind(rawValue: value) == nil ? "classes, embedding or values" : nil
      case "output.link":
        ["softmax", "sigmoid"].contains(value) ? nil : "softmax or sigmoid"
      case "input.slices":
        Int(value).map { $0 >= 1 } == true ? nil : "the number of a volume's slices, such as 16"
      default: Preprocessing.expected(key, value) ?? expectedOfRecipe(key, value)
      }
    if let expected {
      throw ModelSettingsError.badValue(key: key, value: value, source: source, expected: expected)
    }
  }

  /// What a setting of the ascent must be, where it is something else.
  private static func expectedOfRecipe(_ key: String, _ value: String) -> String? {
    do {
      _ = try Recipe(forLogitsBy: [key: value])
      return nil
    } catch {
      return error.expected
    }
  }
}
