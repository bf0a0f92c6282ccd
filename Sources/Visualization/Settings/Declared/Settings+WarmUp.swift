extension Settings {
  /// For how many steps rectifiers that are off let through what would turn them on; 16 as in lucid.
  public static let warmUp = Setting<Int>(
    "warm-up", .integer(0...1_000_000), usual: 16,
    help: "For how many steps rectifiers that are off let through what would turn them on.",
    valueName: "steps"
  ) { ascent, steps, _ in ascent.warmUp = steps }
}

extension Recipe {
  /// For how many steps rectifiers that are off let through what would turn them on.
  public var warmUp: Int {
    get { self[Settings.warmUp] }
    set { self[Settings.warmUp] = newValue }
  }
}
