public import Tensors

/// What a setting is for alone: another setting, or some of its values.
public struct Companion: Hashable, Sendable {
  /// The other setting's key.
  public let key: String

  /// Those of its values with which there is something to do; empty: any that is said.
  public let values: [String]

  /// Another setting that must be said.
  public static func any(of key: String) -> Companion { Companion(key: key, values: []) }

  /// Another setting that must have one of some values.
  public static func one(of values: String..., in key: String) -> Companion {
    Companion(key: key, values: values)
  }
}

extension SettingDeclaration {
  /// Whether the other values of a recipe leave it nothing to do.
  ///
  /// - Parameter recipe: The recipe.
  /// - Returns: False for a setting that has something to do in every recipe.
  public func isIdle(in recipe: Recipe) -> Bool {
    guard let companion else { return false }
    guard let value = Settings.named(companion.key)?.text(in: recipe) else { return true }
    return !companion.values.isEmpty && !companion.values.contains(value)
  }
}

extension Recipe {
  /// Refuses settings that are said and would change nothing.
  ///
  /// - Parameter keys: The keys of what is said; nil: all that differs from the usual values.
  /// - Throws: `IdleSettingError` for the first of them.
  public func checkUse(of keys: [String]? = nil) throws(IdleSettingError) {
    let usual = Recipe()
    for setting in Settings.all where setting.isIdle(in: self) {
      guard keys?.contains(setting.key) ?? (setting.text(in: self) != setting.text(in: usual))
      else { continue }
      throw IdleSettingError(setting)
    }
  }

  /// The same without values that change nothing.
  public var withoutIdleSettings: Recipe {
    var recipe = self
    for setting in Settings.all where setting.isIdle(in: self) { recipe.leave(setting) }
    return recipe
  }

  /// Refuses shifts that somebody says and by which nothing of a picture may be left to see.
  ///
  /// - Parameters:
  ///   - said: The settings that are said.
  ///   - shape: The picture's, N×C×H×W.
  /// - Throws: `SettingError`.
  public func checkJitter(of said: [String: String], shape: Shape) throws(SettingError) {
    let side = shape[2] == 1 ? shape[3] : min(shape[2], shape[3])
    guard said[Settings.jitter.key] != nil, let jitter, jitter >= side else { return }
    throw SettingError(
      key: Settings.jitter.key, value: "\(jitter)",
      expected: "less than \(side), the picture's shorter side")
  }
}

/// A setting that is said where it changes nothing.
public struct IdleSettingError: Error, Hashable, CustomStringConvertible {
  /// The setting's key.
  public let key: String
  /// What it is for; nil: for every recipe.
  public let companion: Companion?

  /// Creates an error.
  public init(_ setting: any SettingDeclaration) {
    (key, companion) = (setting.key, setting.companion)
  }

  /// What it is for.
  ///
  /// - Parameter name: How keys are written.
  /// - Returns: A sentence without its point: `--levels is for --parameterization pyramid only`.
  public func sentence(naming name: (String) -> String) -> String {
    guard let companion else { return name(key) }
    let values = companion.values.joined(separator: ", ")
    return "\(name(key)) is for \(name(companion.key))\(values.isEmpty ? "" : " \(values)") only"
  }

  /// What it is for.
  public var description: String { sentence { "`\($0)`" } }
}
