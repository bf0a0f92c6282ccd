extension ObjectiveFunction {
  /// `Objective.alignment(_:decay:)`.
  static let alignment = ObjectiveFunction(
    "alignment", [Parameter("layer", .layer), Parameter("decay", .number, isOptional: true)],
    help: "how little neighbouring pictures differ to a layer", comparesPictures: true
  ) { arguments in
    let decay = try arguments.number(1, usual: 2)
    guard decay > 0 else { throw ArgumentError(description: "the decay must be above 0") }
    return .alignment(try arguments.layer(0), decay: decay)
  }
}
