extension RegisteredMethod {
  /// Sums of a layer's channels.
  static let classActivation: [RegisteredMethod] = [.gradCAM, .layerCAM]
}
