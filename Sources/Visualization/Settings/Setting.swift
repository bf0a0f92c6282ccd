/// Something that changes how a picture comes out, declared once.
///
/// Options of the command line, keys of galleries, of a model's metadata and of the JSON file beside it, the
/// record in a picture's file, and what errors say follow from the declaration. A setting is a type in a
/// file of its own, with a property of `Recipe` beside it, and a line in `Settings.all`:
///
/// ```swift
/// extension Settings {
///   /// Weight of the L1 distance from grey.
///   public enum L1: Setting {
///     public static let key = "l1"
///     public static let kind = SettingKind.number(from: 0)
///     public static let usual: Float = 0
///     public static let help = "Weight of the L1 distance from grey."
///     public static func apply(_ weight: Float, to ascent: inout Ascent, of recipe: Recipe) {
///       if weight != 0 { ascent.objective = ascent.objective - weight * .l1() }
///     }
///   }
/// }
/// ```
public protocol Setting: SendableMetatype {
  /// A number, a name, a path; optional where the program may be left to choose.
  associatedtype Value: Hashable & Sendable

  /// What it is called wherever people write it: `learning-rate`.
  static var key: String { get }

  /// What a value may be, and how it is written.
  static var kind: SettingKind<Value> { get }

  /// The value where nobody says one.
  static var usual: Value { get }

  /// The same in words, where the value says too little: `the network's`.
  static var usualInWords: String? { get }

  /// One sentence for a list of all settings.
  static var help: String { get }

  /// What stands for a value in such a list: `pixels`.
  static var valueName: String { get }

  /// A letter that may stand for the key.
  static var letter: Character? { get }

  /// What stands beside a value on a page: `Learning rate`.
  static var title: String { get }

  /// Whether a model's metadata may say what suits its logits, as `visualize.logits.KEY`.
  static var isKnownToModels: Bool { get }

  /// Does what the setting is for.
  ///
  /// Settings are applied in the order of `Settings.all`. What is read elsewhere (by another setting, or
  /// where the picture's shape is chosen) has nothing to do here.
  ///
  /// - Parameters:
  ///   - value: The setting's value.
  ///   - ascent: What is to be changed.
  ///   - recipe: The other settings.
  static func apply(_ value: Value, to ascent: inout Ascent, of recipe: Recipe)
}

extension Setting {
  /// Nothing: the value says enough.
  public static var usualInWords: String? { nil }

  /// The key.
  public static var valueName: String { key }

  /// None.
  public static var letter: Character? { nil }

  /// The key, with a capital and without dashes.
  public static var title: String {
    key.prefix(1).uppercased() + key.dropFirst().replacing("-", with: " ")
  }

  /// No.
  public static var isKnownToModels: Bool { false }

  /// Nothing.
  public static func apply(_ value: Value, to ascent: inout Ascent, of recipe: Recipe) {}
}
