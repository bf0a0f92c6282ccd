import Objectives

extension ObjectiveFunction {
  /// `Objective.inversion(_:of:)`.
  static let inversion = ObjectiveFunction(
    "inversion", [Parameter("layer", .layer), Parameter("picture", .picture)],
    help: "how near a layer comes to what it makes of a picture, 0 at best"
  ) { .inversion(try $0.layer(0), of: try $0.picture(1)) }
}
