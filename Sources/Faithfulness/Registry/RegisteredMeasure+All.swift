extension RegisteredMeasure {
  /// Every measure, in the order in which help and tables list them.
  public static let all: [RegisteredMeasure] = [
    .deletion, .insertion, .road, .muFidelity, .maxSensitivity, .consistency, .randomWeights,
    .randomLayers, .otherUnits, .deletionOfUnit, .insertionOfUnit, .pixelFlipping, .infidelity,
    .confidenceChange, .completeness, .sparseness, .complexity,
  ]
}
