extension RegisteredMethod {
  /// What the units of a layer contribute.
  static let layers: [RegisteredMethod] = [
    .layerGradientTimesActivation, .layerConductance, .internalInfluence, .neuronConductance,
  ]
}
