extension Recipe: Codable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Reads an object of keys and values, numbers or texts.
  ///
  /// - Throws: `DecodingError` for a key that no setting has and for a value that it cannot have.
  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: Key.self)
    for key in container.allKeys {
      guard let setting = Settings.named(key.stringValue) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "there is no setting `\(key.stringValue)`")
      }
      do {
        try set(setting, to: Self.text(of: key, in: container))
      } catch let error as SettingError {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: error.description)
      }
    }
  }

  /// Writes every setting that has a value, the usual ones too: they may be others in another version.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for setting in Settings.all {
      guard let text = setting.text(in: self) else { continue }
      let key = Key(stringValue: setting.key)
      if !setting.isNumber {
        try container.encode(text, forKey: key)
      } else if let whole = UInt64(text) {
        try container.encode(whole, forKey: key)
      } else if let number = Float(text) {
        try container.encode(number, forKey: key)
      }
    }
  }

  private static func text(
    of key: Key, in container: KeyedDecodingContainer<Key>
  ) throws -> String {
    if let text = try? container.decode(String.self, forKey: key) { return text }
    if let whole = try? container.decode(UInt64.self, forKey: key) { return String(whole) }
    return try container.decode(Float.self, forKey: key).plain
  }
}
