import ArgumentParser
import Visualization

/// An option for every setting, made from its declaration; what is not said is left to the model's own
/// settings and the usual values.
///
/// ArgumentParser finds options by reflecting a new instance, and reads them by coding keys: both follow
/// from `Settings.all` here.
struct SettingOptions: ParsableArguments, CustomReflectable {
  /// What was said, by the settings' keys.
  private(set) var values: [String: String] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for setting in Settings.all {
      let key = Key(stringValue: setting.key)
      values[setting.key] = try container.decode(Option<String?>.self, forKey: key).wrappedValue
    }
  }

  var customMirror: Mirror {
    // The leading underscore is that of a property wrapper's storage.
    Mirror(self, children: Settings.all.map { ("_\($0.key)", $0.option as Any) })
  }

  /// The same, with values where none were said.
  ///
  /// - Parameter defaults: The values, by the settings' keys.
  /// - Returns: What was said, and the rest of these.
  func filled(with defaults: [String: String]) -> SettingOptions {
    var options = self
    options.values.merge(defaults) { said, _ in said }
    return options
  }

  func validate() throws {
    for setting in Settings.all {
      guard let text = values[setting.key] else { continue }
      do {
        _ = try setting.normalized(text)
      } catch {
        let problem = error.problem
        throw ValidationError("--\(setting.key) \(problem)\(problem.hasSuffix("?") ? "" : ".")")
      }
    }
    var recipe = Recipe()
    try recipe.take(values)
    do {
      try recipe.checkUse(of: Array(values.keys))
    } catch {
      throw ValidationError("\(error.sentence { "--\($0)" }).")
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension SettingDeclaration {
  /// The option that says it.
  fileprivate var option: Option<String?> {
    let usual = (usualInWords ?? usualText).map { " (default: \($0))" } ?? ""
    let choices = choices.map { "\($0.name) - \($0.help)" }
    return Option(
      name: letter.map { [.customShort($0), .customLong(key)] } ?? .customLong(key),
      help: ArgumentHelp(
        "\(help)\(usual)", discussion: choices.joined(separator: "\n"), valueName: valueName),
      completion: choices.isEmpty ? (isPath ? .file() : nil) : .list(self.choices.map(\.name)))
  }
}
