import Optimizers

extension Settings {
  /// The rule of ascent.
  public static let optimizer = Setting<String>(
    "optimizer", .name(of: NamedOptimizer.all.map { ($0.name, $0.help) }), usual: "adam",
    help: "The rule of ascent.", valueName: "name"
  ) { ascent, name, recipe in
    for choice in NamedOptimizer.all where choice.name == name {
      let optimizer = choice.make(recipe.learningRate)
      ascent.optimizer = choice.followsScale ? UnitGradient(optimizer) : optimizer
    }
  }
}

extension Recipe {
  /// The rule of ascent.
  public var optimizer: String {
    get { self[Settings.optimizer] }
    set { self[Settings.optimizer] = newValue }
  }
}
