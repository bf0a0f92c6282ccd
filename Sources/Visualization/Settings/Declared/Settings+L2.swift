import Objectives

extension Settings {
  /// Weight of the L2 distance from grey.
  public static let l2 = Setting<Float>(
    "l2", .number(from: 0), usual: 0,
    help: "Weight of the L2 distance from grey, beside the objective's pull: 0.1 to 2, of robust "
      + "networks 0.1 at most.",
    valueName: "weight", title: "L2 penalty", isKnownToModels: true
  ) { ascent, weight, _ in
    if weight != 0 { ascent.penalties.append(.init(weight, .l2())) }
  }
}

extension Recipe {
  /// Weight of the L2 distance from grey.
  public var l2: Float {
    get { self[Settings.l2] }
    set { self[Settings.l2] = newValue }
  }
}
