import Objectives

extension Settings {
  /// Weight of the L1 distance from grey.
  public static let l1 = Setting<Float>(
    "l1", .number(from: 0), usual: 0,
    help: "Weight of the L1 distance from grey, beside the objective's pull: 0.1 to 2, of robust "
      + "networks 0.1 at most.",
    valueName: "weight", title: "L1 penalty", isKnownToModels: true
  ) { ascent, weight, _ in
    if weight != 0 { ascent.penalties.append(.init(weight, .l1())) }
  }
}

extension Recipe {
  /// Weight of the L1 distance from grey.
  public var l1: Float {
    get { self[Settings.l1] }
    set { self[Settings.l1] = newValue }
  }
}
