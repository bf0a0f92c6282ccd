extension RegisteredMeasure {
  /// Every measure, in the order in which help and tables list them.
  public static let all: [RegisteredMeasure] = [
    .deletion, .insertion, .road, .muFidelity, .infidelity, .maxSensitivity, .consistency,
    .randomWeights, .randomLayers, .otherUnits,
    .deletionOfUnit, .insertionOfUnit, .pixelFlipping, .confidenceChange, .completeness,
    .sparseness, .complexity,
  ]
}
