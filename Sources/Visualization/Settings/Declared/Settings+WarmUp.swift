extension Settings {
  /// For how many steps rectifiers that are off let through what would turn them on.
  public static let warmUp = Setting<Int>(
    "warm-up", .integer(0...1_000_000), usual: Recipe.warmUp,
    help: "For how many steps rectifiers that are off let through what would turn them on.",
    valueName: "steps"
  ) { ascent, steps, _ in ascent.warmUp = steps }
}

extension Recipe {
  /// For how many steps rectifiers that are off let through what would turn them on, as in lucid.
  public var warmUp: Int {
    get { self[Settings.warmUp] }
    set { self[Settings.warmUp] = newValue }
  }
}
