// What can be asked of any setting, whatever its values are.

extension Setting {
  /// What a value must be, after “must be”.
  public static var expected: String { kind.expected }

  /// The names to choose from, where there are few.
  public static var choices: [(name: String, help: String)] { kind.choices }

  /// Whether a value is a number.
  public static var isNumber: Bool { kind.isNumber }

  /// Whether a value is the path of a file.
  public static var isPath: Bool { kind.isPath }

  /// The usual value as people write it; nil: left to the program.
  public static var usualText: String? { kind.text(usual) }

  /// The value of a recipe as people write it; nil: left to the program.
  public static func text(in recipe: Recipe) -> String? { kind.text(recipe[Self.self]) }

  /// A text in the one form that its value has.
  ///
  /// - Parameter text: A value as people write it.
  /// - Returns: The form; nil where the value is left to the program.
  /// - Throws: `SettingError` for what the setting cannot be.
  public static func normalized(_ text: String) throws(SettingError) -> String? {
    guard let value = kind.value(text) else {
      throw SettingError(key: key, value: text, expected: kind.expected, choices: kind.choices.map(\.name))
    }
    return kind.text(value)
  }

  /// Does to an ascent what a recipe says.
  static func apply(to ascent: inout Ascent, of recipe: Recipe) {
    apply(recipe[Self.self], to: &ascent, of: recipe)
  }
}
