import Objectives

extension ObjectiveFunction {
  /// `Objective.distance(to:)`.
  static let distance = ObjectiveFunction(
    "distance", [Parameter("picture", .picture)],
    help: "the mean square by which the pixels differ from a picture's: subtract it"
  ) { .distance(to: try $0.picture(0)) }
}
