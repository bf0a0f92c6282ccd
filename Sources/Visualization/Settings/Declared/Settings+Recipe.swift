extension Settings {
  /// The kind of network whose settings are the usual ones.
  public static let recipe = Setting<String?>(
    "recipe", .optional(.name(of: NetworkKind.all.map { ($0.name, $0.help) })), usual: nil,
    usualInWords: "by what the model's file shows",
    help: "For which kind of network the settings are that nobody names.", valueName: "kind")
}

extension Recipe {
  /// The kind of network whose settings are the usual ones; nil: convolutional.
  public var kind: String? {
    get { self[Settings.recipe] }
    set { self[Settings.recipe] = newValue }
  }
}
