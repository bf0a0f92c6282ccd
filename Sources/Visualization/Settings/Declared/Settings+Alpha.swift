import Autodiff
import Objectives
import Tensors

extension Settings {
  /// What makes pictures transparent.
  public static let alpha = Setting<String?>(
    "alpha",
    .optional(
      .name(of: [
        ("gradient", "opaque where the gradient was strong on the way, as in Horama"),
        ("background", "an opacity of its own, over random backgrounds, as in lucid"),
      ])), usual: nil, usualInWords: "opaque", help: "Leave out what does not matter.",
    valueName: "how", title: "Transparency"
  ) { ascent, name, _ in
    if name == "gradient" { ascent.gathersGradient = true }
    guard name == "background" else { return }
    ascent.parameterization = AlphaImage(ascent.parameterization)
    ascent.transforms = [RandomBackground()] + ascent.transforms
    ascent.objective = ascent.objective * .transparency()
  }
}

extension Recipe {
  /// What makes pictures transparent; nil: they are opaque.
  public var alpha: String? {
    get { self[Settings.alpha] }
    set { self[Settings.alpha] = newValue }
  }
}

extension Objective {
  /// How little of a picture with an opacity is opaque, on average: `1 − mean α`, lucid's weight of the objective.
  static func transparency() -> Objective {
    Objective("1 − mean α") { evaluation in
      let picture = evaluation.picture
      let last = picture.shape[1] - 1
      return 1 - picture.sliced(last..<last + 1, alongAxis: 1).mean()
    }
  }
}
