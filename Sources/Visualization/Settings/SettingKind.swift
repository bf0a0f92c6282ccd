/// What the values of a setting may be, and how they are written.
public struct SettingKind<Value: Sendable>: Sendable {
  /// What a value must be, after “must be”.
  public let expected: String

  /// The names to choose from, where there are few, each with what it is in a few words.
  public let choices: [(name: String, help: String)]

  /// Whether a value is a number.
  public let isNumber: Bool

  /// Whether a value is the path of a file.
  public let isPath: Bool

  let value: @Sendable (String) -> Value?
  let text: @Sendable (Value) -> String?

  /// Creates a kind of values.
  ///
  /// - Parameters:
  ///   - expected: What a value must be, after “must be”.
  ///   - choices: The names to choose from, where there are few.
  ///   - isNumber: Whether a value is a number.
  ///   - isPath: Whether a value is the path of a file.
  ///   - value: From a text; nil where it is no value.
  ///   - text: To a text that gives the value again; nil: there is none to write.
  public init(
    expected: String, choices: [(name: String, help: String)] = [], isNumber: Bool = false,
    isPath: Bool = false,
    value: @escaping @Sendable (String) -> Value?, text: @escaping @Sendable (Value) -> String?
  ) {
    (self.expected, self.choices, self.isNumber, self.isPath) = (
      expected, choices, isNumber, isPath
    )
    (self.value, self.text) = (value, text)
  }

  /// Such a value or none.
  public static func optional<Wrapped>(
    _ kind: SettingKind<Wrapped>
  ) -> SettingKind where Value == Wrapped? {
    SettingKind(
      expected: kind.expected, choices: kind.choices, isNumber: kind.isNumber, isPath: kind.isPath,
      value: { kind.value($0).map { $0 } }, text: { $0.flatMap(kind.text) })
  }
}

extension SettingKind where Value: FixedWidthInteger & LosslessStringConvertible {
  /// Whole numbers of a range.
  public static func integer(_ range: ClosedRange<Value>) -> SettingKind {
    SettingKind(
      expected: range.upperBound == .max
        ? "a whole number, \(range.lowerBound) or more"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)",
      isNumber: true, value: { Value($0).flatMap { range.contains($0) ? $0 : nil } },
      text: { String($0) })
  }
}

extension SettingKind where Value == Float {
  /// Numbers from one upwards.
  public static func number(from least: Float) -> SettingKind {
    number("a number, \(least.plain) or more") { $0 >= least }
  }

  /// Numbers greater than one.
  public static func number(above bound: Float) -> SettingKind {
    number("a number above \(bound.plain)") { $0 > bound }
  }

  private static func number(
    _ expected: String, _ isAllowed: @escaping @Sendable (Float) -> Bool
  ) -> SettingKind {
    SettingKind(
      expected: expected, isNumber: true,
      value: { Float($0).flatMap { $0.isFinite && isAllowed($0) ? $0 : nil } },
      text: \.plain)
  }
}

extension SettingKind where Value == String {
  /// Names out of a list, each with what it is in a few words.
  public static func name(of choices: [(name: String, help: String)]) -> SettingKind {
    let names = choices.map(\.name)
    return SettingKind(
      expected: "one of \(names.joined(separator: ", "))", choices: choices,
      value: { names.contains($0) ? $0 : nil }, text: { $0 })
  }

  /// Paths of files.
  ///
  /// - Parameter expected: What is to be there, after “must be”.
  /// - Returns: The kind.
  public static func path(_ expected: String) -> SettingKind {
    SettingKind(
      expected: expected, isPath: true, value: { $0.isEmpty ? nil : $0 }, text: { $0 })
  }
}

extension Float {
  /// The number as people write it, exactly: `5`, `0.05`.
  package var plain: String {
    self == rounded() && abs(self) < 1e9 ? String(Int(self)) : String(self)
  }
}
