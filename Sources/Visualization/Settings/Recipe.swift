public import Objectives
public import Tensors

/// Everything that decides how the picture of a unit comes out, but the network: values of settings.
///
/// ```swift
/// var recipe = Recipe()
/// recipe.steps = 512
/// recipe.optimizer = "nadam"
/// ```
public struct Recipe: Hashable, Sendable {
  /// By key, as people write them; the usual values are not among them.
  private var values: [String: String] = [:]

  /// Creates a recipe with the usual values.
  public init() {}

  /// A setting's value.
  ///
  /// - Precondition: A new value is one that the setting may have.
  public subscript<Value>(_ setting: Setting<Value>) -> Value {
    get { values[setting.key].flatMap(setting.kind.value) ?? setting.usual }
    set {
      let text = setting.kind.text(newValue)
      if let text, setting.kind.value(text) == nil {
        preconditionFailure(
          "\(SettingError(key: setting.key, value: text, expected: setting.expected))")
      }
      values[setting.key] = text == setting.usualText ? nil : text
    }
  }

  /// Takes a value as people write it.
  ///
  /// - Parameters:
  ///   - setting: The setting.
  ///   - text: The value.
  /// - Throws: `SettingError` for what the setting cannot be.
  public mutating func set(
    _ setting: any SettingDeclaration, to text: String
  ) throws(SettingError) {
    let text = try setting.normalized(text)
    values[setting.key] = text == setting.usualText ? nil : text
  }

  /// Takes values as people write them, by the settings' keys; keys of nothing here are left alone.
  ///
  /// - Parameter values: What is said; what is not said stays.
  /// - Throws: `SettingError` for what a setting cannot be.
  public mutating func take(_ values: [String: String]) throws(SettingError) {
    for setting in Settings.all {
      if let text = values[setting.key] { try set(setting, to: text) }
    }
  }

  /// What is to be done for a picture.
  ///
  /// - Parameters:
  ///   - objective: What to maximize; values on the way are of this, without the penalties.
  ///   - shape: The pictures' shape, N×C×H×W.
  ///   - start: Pictures to start from, of that shape, in 0…1; nil: random ones.
  /// - Returns: The ascent.
  public func ascent(
    of objective: Objective, shape: Shape, startingFrom start: Tensor? = nil
  ) -> Ascent {
    // The plainest parameterization holds the place until the setting names one.
    var ascent = Ascent(objective, parameterization: PixelImage(shape))
    for setting in Settings.all { setting.apply(self, to: &ascent) }
    ascent.start = start.map { ascent.parameterization.parameters(fitting: $0) }
    return ascent
  }
}
