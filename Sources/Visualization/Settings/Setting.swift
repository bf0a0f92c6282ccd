/// Something that changes how a picture comes out, declared once.
///
/// Options of the command line, keys of galleries, of a model's metadata and of the JSON file beside it, the
/// record in a picture's file, and what errors say follow from the declaration. A setting stands in a file
/// of its own, with a property of `Recipe` beside it, and has a line in `Settings.all`:
///
/// ```swift
/// extension Settings {
///   /// Weight of the L1 distance from grey.
///   public static let l1 = Setting<Float>(
///     "l1", .number(from: 0), usual: 0, help: "Weight of the L1 distance from grey."
///   ) { ascent, weight, _ in
///     if weight != 0 { ascent.objective = ascent.objective - weight * .l1() }
///   }
/// }
/// ```
public struct Setting<Value: Hashable & Sendable>: SettingDeclaration {
  /// What it is called wherever people write it: `learning-rate`.
  public let key: String

  /// What a value may be, and how it is written.
  public let kind: SettingKind<Value>

  /// The value where nobody says one.
  public let usual: Value

  /// The same in words, where the value says too little: `the network's`.
  public let usualInWords: String?

  /// One sentence for a list of all settings.
  public let help: String

  /// What stands for a value in such a list: `pixels`.
  public let valueName: String

  /// A letter that may stand for the key.
  public let letter: Character?

  /// What stands beside a value on a page: `Learning rate`.
  public let title: String

  /// Whether a model's metadata may say what suits its logits, as `visualize.logits.KEY`.
  public let isKnownToModels: Bool

  /// What it is for alone; nil: it has something to do in every recipe.
  public let companion: Companion?

  private let change: @Sendable (inout Ascent, Value, Recipe) -> Void

  /// Declares a setting.
  ///
  /// - Parameters:
  ///   - key: What it is called wherever people write it.
  ///   - kind: What a value may be, and how it is written.
  ///   - usual: The value where nobody says one.
  ///   - usualInWords: The same in words, where the value says too little.
  ///   - help: One sentence for a list of all settings.
  ///   - valueName: What stands for a value in such a list; nil: the key.
  ///   - letter: A letter that may stand for the key.
  ///   - title: What stands beside a value on a page; nil: the key, with a capital and without dashes.
  ///   - isKnownToModels: Whether a model's metadata may say what suits its logits.
  ///   - companion: What it is for alone; nil: it has something to do in every recipe.
  ///   - apply: Does to an ascent what the setting is for, given its value and the whole recipe. Settings
  ///     are applied in the order of `Settings.all`. What is read elsewhere (by another setting, or where
  ///     the picture's shape is chosen) has nothing to do here.
  public init(
    _ key: String, _ kind: SettingKind<Value>, usual: Value, usualInWords: String? = nil,
    help: String, valueName: String? = nil, letter: Character? = nil, title: String? = nil,
    isKnownToModels: Bool = false, for companion: Companion? = nil,
    apply: @escaping @Sendable (inout Ascent, Value, Recipe) -> Void = { _, _, _ in }
  ) {
    (self.key, self.kind, self.help) = (key, kind, help)
    (self.usual, self.usualInWords, self.letter) = (usual, usualInWords, letter)
    self.valueName = valueName ?? key
    self.title = title ?? key.prefix(1).uppercased() + key.dropFirst().replacing("-", with: " ")
    (self.isKnownToModels, self.companion) = (isKnownToModels, companion)
    change = apply
  }
}

extension Setting {
  /// What a value must be, after “must be”.
  public var expected: String { kind.expected }

  /// The names to choose from, where there are few, each with what it is in a few words.
  public var choices: [(name: String, help: String)] { kind.choices }

  /// Whether a value is a number.
  public var isNumber: Bool { kind.isNumber }

  /// Whether a value is the path of a file.
  public var isPath: Bool { kind.isPath }

  /// The usual value as people write it; nil: left to the program.
  public var usualText: String? { kind.text(usual) }

  /// The value of a recipe as people write it; nil: left to the program.
  public func text(in recipe: Recipe) -> String? { kind.text(recipe[self]) }

  /// A text in the one form that its value has; nil where the value is left to the program.
  public func normalized(_ text: String) throws(SettingError) -> String? {
    guard let value = kind.value(text) else {
      throw SettingError(
        key: key, value: text, expected: kind.expected, choices: kind.choices.map(\.name))
    }
    return kind.text(value)
  }

  /// Does to an ascent what a recipe says.
  public func apply(_ recipe: Recipe, to ascent: inout Ascent) {
    change(&ascent, recipe[self], recipe)
  }
}
