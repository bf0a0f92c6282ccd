extension Settings {
  /// How many seeds are tried, of which the best picture is kept.
  public static let tries = Setting<Int>(
    "tries", .integer(1...64), usual: 1,
    help: "Try so many seeds and keep the best picture.", valueName: "count")
}

extension Recipe {
  /// How many seeds are tried, from the recipe's own, of which the best picture is kept.
  public var tries: Int {
    get { self[Settings.tries] }
    set { self[Settings.tries] = newValue }
  }
}
