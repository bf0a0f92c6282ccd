import Objectives

extension ObjectiveFunction {
  /// `Objective.directionNeuron(_:_:y:x:cosinePower:)`.
  static let directionNeuron = ObjectiveFunction(
    "direction-neuron",
    [
      Parameter("layer@x,y", .position), Parameter("file", .file),
      Parameter("power", .number, isOptional: true),
    ], help: "the same at one position; the middle, where none is said"
  ) { arguments in
    let (layer, x, y) = try arguments.position(0)
    return .directionNeuron(
      layer, try arguments.vector(1, of: layer), y: y, x: x,
      cosinePower: try arguments.number(2, usual: 0))
  }
}
