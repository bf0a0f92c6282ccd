import Plans

/// A value of a model's metadata that its key cannot have.
public struct MetadataError: Error, Hashable, CustomStringConvertible {
  /// The key, `input.range` for example.
  public let key: String
  /// What is said.
  public let value: String
  /// What it must be, after “must be”.
  public let expected: String
  /// The file that says it; empty where no file does.
  public var file = ""

  /// What is wrong and what to write instead.
  public var description: String {
    (file.isEmpty ? "" : "\(file): ") + "\(key) is “\(value)” and must be \(expected)"
  }
}

extension MetadataError {
  /// The same, said by a file.
  func of(_ file: String) -> MetadataError {
    var error = self
    error.file = file
    return error
  }
}

extension Preprocessing {
  /// The keys that it is read from.
  private static let keys = ["input.color", "input.range", "input.mean", "input.std"]

  /// Reads the conventions of a file's `metadata_props`: `input.color`, `input.range`, `input.mean`,
  /// `input.std`.
  ///
  /// - Parameters:
  ///   - metadata: Keys and values; `nil` where these say nothing of the kind.
  ///   - known: What holds where they leave something out.
  /// - Throws: `MetadataError` for what a key cannot be.
  public init?(
    metadata: [String: String], over known: Preprocessing = Preprocessing()
  ) throws(MetadataError) {
    guard Self.keys.contains(where: { metadata[$0] != nil }) else { return nil }
    self = known
    for key in Self.keys {
      guard let value = metadata[key] else { continue }
      if let expected = Self.expected(key, value) {
        throw MetadataError(key: key, value: value, expected: expected)
      }
      let numbers = Self.numbers(value) ?? []
      switch key {
      case "input.range": (rangeLower, rangeUpper) = (numbers[0], numbers[1])
      case "input.mean": mean = numbers
      case "input.std": standardDeviation = numbers
      default:
        color = Color.allCases.first { $0.rawValue.lowercased() == value.lowercased() } ?? color
      }
    }
  }

  /// What the value of a key of the metadata must be, where it is something else; nil where it is right, and
  /// for other keys.
  package static func expected(_ key: String, _ value: String) -> String? {
    let numbers = numbers(value)
    return switch key {
    case "input.color":
      Color.allCases.contains { $0.rawValue.lowercased() == value.lowercased() }
        ? nil : "RGB, BGR or gray"
    case "input.range":
      numbers?.count == 2 && numbers?[0] != numbers?[1]
        ? nil : "the values of black and white, such as 0,255"
    case "input.mean": numbers != nil ? nil : "a number a channel, such as 104,117,123"
    case "input.std":
      numbers?.allSatisfy { $0 > 0 } == true ? nil : "a positive number a channel"
    default: nil
    }
  }

  /// Finite numbers with commas between them; nil where a part is none.
  private static func numbers(_ text: String) -> [Float]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      Float(part.filter { !$0.isWhitespace }).flatMap { $0.isFinite ? $0 : nil }
    }
    let numbers = parts.compactMap { $0 }
    return numbers.count == parts.count ? numbers : nil
  }

  /// Refuses means and deviations that are neither one for all channels nor one each.
  ///
  /// - Parameter channels: The channels of the network's input; nil where it leaves them open.
  /// - Throws: `MetadataError`.
  func check(channels: Int?) throws(MetadataError) {
    guard let channels else { return }
    for (key, numbers) in [("input.mean", mean), ("input.std", standardDeviation)]
    where numbers.count > 1 && numbers.count != channels {
      throw MetadataError(
        key: key, value: numbers.map { "\($0)" }.joined(separator: ","),
        expected: "one number, or one for each of the \(channels) channels")
    }
  }
}
