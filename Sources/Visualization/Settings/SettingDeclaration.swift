/// What can be asked of any setting, whatever its values are.
public protocol SettingDeclaration: Sendable {
  /// What it is called wherever people write it: `learning-rate`.
  var key: String { get }

  /// The usual value in words, where the value says too little: `the network's`.
  var usualInWords: String? { get }

  /// The usual value as people write it; nil: left to the program.
  var usualText: String? { get }

  /// One sentence for a list of all settings.
  var help: String { get }

  /// What stands for a value in such a list: `pixels`.
  var valueName: String { get }

  /// A letter that may stand for the key.
  var letter: Character? { get }

  /// What stands beside a value on a page: `Learning rate`.
  var title: String { get }

  /// Whether a model's metadata may say what suits its logits, as `visualize.logits.KEY`.
  var isKnownToModels: Bool { get }

  /// What it is for alone; nil: it has something to do in every recipe.
  var companion: Companion? { get }

  /// What a value must be, after “must be”.
  var expected: String { get }

  /// The names to choose from, where there are few, each with what it is in a few words.
  var choices: [(name: String, help: String)] { get }

  /// Whether a value is a number.
  var isNumber: Bool { get }

  /// Whether a value is the path of a file.
  var isPath: Bool { get }

  /// The value of a recipe as people write it; nil: left to the program.
  func text(in recipe: Recipe) -> String?

  /// A text in the one form that its value has.
  ///
  /// - Parameter text: A value as people write it.
  /// - Returns: The form; nil where the value is left to the program.
  /// - Throws: `SettingError` for what the setting cannot be.
  func normalized(_ text: String) throws(SettingError) -> String?

  /// Does to an ascent what a recipe says.
  func apply(_ recipe: Recipe, to ascent: inout Ascent)
}
