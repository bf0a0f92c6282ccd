import Networks

/// A value that a setting cannot have.
public struct SettingError: Error, Hashable, CustomStringConvertible {
  /// The setting's key.
  public let key: String

  /// What was written.
  public let value: String

  /// What it must be, after “must be”, and what was probably meant.
  public let expected: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - key: The setting's key.
  ///   - value: What was written.
  ///   - expected: What it must be, after “must be”.
  ///   - choices: The names to choose from, where there are few.
  public init(key: String, value: String, expected: String, choices: [String] = []) {
    (self.key, self.value) = (key, value)
    let near = nearest(to: value, in: choices, count: 1).first
    self.expected = expected + (near.map { "; did you mean `\($0)`?" } ?? "")
  }

  /// What is wrong, without the key: `is “0” and must be a whole number from 1 to 1000000`.
  public var problem: String {
    "is \(value.isEmpty ? "empty" : "“\(value)”") and must be \(expected)"
  }

  /// What is wrong and what to write instead.
  public var description: String { "`\(key)` \(problem)" }
}
