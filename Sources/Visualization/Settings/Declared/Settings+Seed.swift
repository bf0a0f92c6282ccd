extension Settings {
  /// What all that is random follows from.
  public static let seed = Setting<UInt64>(
    "seed", .integer(0...(.max)), usual: 0, help: "What all that is random follows from.",
    isKnownToModels: true
  ) { ascent, seed, _ in ascent.seed = seed }
}

extension Recipe {
  /// What all that is random follows from.
  public var seed: UInt64 {
    get { self[Settings.seed] }
    set { self[Settings.seed] = newValue }
  }
}
