extension Recipe {
  /// What stands before a setting's key in a model's metadata.
  private static let prefix = "visualize.logits."

  /// The keys of a model's metadata, or of the JSON file beside it, that say what suits its logits.
  ///
  /// A layer's activations are of another size, and for them the same weights of penalties would be wrong.
  public static var metadataKeys: [String] {
    Settings.all.filter { $0.isKnownToModels }.map { prefix + $0.key }
  }

  /// What a model's metadata says suits its logits, and for the rest the usual values.
  ///
  /// - Parameter metadata: Keys and values of the model's file; most mean nothing here.
  /// - Throws: `SettingError` for a value that a setting cannot have, with the metadata's key.
  public init(forLogitsBy metadata: [String: String]) throws(SettingError) {
    self.init()
    for setting in Settings.all where setting.isKnownToModels {
      let key = Self.prefix + setting.key
      guard let text = metadata[key] else { continue }
      do {
        try set(setting, to: text.filter { !$0.isWhitespace })
      } catch {
        throw SettingError(key: key, value: text, expected: error.expected)
      }
    }
  }
}
