import Optimizers

extension Settings {
  /// The rule of ascent.
  public enum OptimizerName: Setting {
    public static let key = "optimizer"
    public static let kind = SettingKind.name(of: NamedOptimizer.all.map { ($0.name, $0.help) })
    public static let usual = "adam"
    public static let help = "The rule of ascent."
    public static let valueName = "name"

    public static func apply(_ name: String, to ascent: inout Ascent, of recipe: Recipe) {
      for choice in NamedOptimizer.all where choice.name == name {
        ascent.optimizer = choice.make(recipe.learningRate)
      }
    }
  }
}

extension Recipe {
  /// The rule of ascent.
  public var optimizer: String {
    get { self[Settings.OptimizerName.self] }
    set { self[Settings.OptimizerName.self] = newValue }
  }
}
