extension Settings {
  /// How many updates.
  public static let steps = Setting<Int>(
    "steps", .integer(1...1_000_000), usual: 256, help: "How many updates.", isKnownToModels: true
  ) { ascent, steps, _ in ascent.steps = steps }
}

extension Recipe {
  /// How many updates.
  public var steps: Int {
    get { self[Settings.steps] }
    set { self[Settings.steps] = newValue }
  }
}
