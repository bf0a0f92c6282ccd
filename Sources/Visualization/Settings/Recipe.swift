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

  /// Takes the usual value.
  mutating func leave(_ setting: any SettingDeclaration) { values[setting.key] = nil }

  /// Takes values as people write them, by the settings' keys; keys of nothing here are left alone.
  ///
  /// - Parameter values: What is said; what is not said stays, but for what suits a parameterization that is
  ///   named, and what suits a kind of network where nothing else was said before.
  /// - Throws: `SettingError` for what a setting cannot be.
  public mutating func take(_ values: [String: String]) throws(SettingError) {
    let name = values[Settings.parameterization.key]
    let suits = NamedParameterization.all.first { $0.name == name }?.suits ?? [:]
    let kind = values[Settings.recipe.key].flatMap(NetworkKind.named)?.suits ?? [:]
    for setting in Settings.all {
      let isOpen = self.values[setting.key] == nil
      let text = values[setting.key] ?? suits[setting.key] ?? (isOpen ? kind[setting.key] : nil)
      if let text { try set(setting, to: text) }
    }
  }

  /// Whether its pictures keep the magnitude of every frequency.
  public var keepsSpectrum: Bool { parameterization == MaCoImage.named.name }

  /// What is to be done for a picture.
  ///
  /// - Parameters:
  ///   - objective: What to maximize; values on the way are of this, without the penalties.
  ///   - shape: The pictures' shape, N×C×H×W.
  ///   - seen: The shape of what the network sees of them; nil: the same.
  ///   - spectrum: The magnitudes that `maco` keeps, (C, H, W / 2 + 1); nil: photographs' own.
  ///   - start: Pictures to start from, of their shape, in 0…1; nil: random ones.
  /// - Returns: The ascent.
  public func ascent(
    of objective: Objective, shape: Shape, seenAs seen: Shape? = nil, spectrum: Tensor? = nil,
    startingFrom start: Tensor? = nil
  ) -> Ascent {
    // The plainest parameterization holds the place until the setting names one.
    var ascent = Ascent(objective, parameterization: PixelImage(shape))
    ascent.spectrum = spectrum
    if let seen, seen != shape { ascent.inputSize = .fixed(height: seen[2], width: seen[3]) }
    for setting in Settings.all { setting.apply(self, to: &ascent) }
    ascent.start = start.map { ascent.parameterization.parameters(fitting: $0) }
    return ascent
  }
}
