extension RegisteredMethod {
  /// Sums of a layer's channels.
  static let classActivation: [RegisteredMethod] = [
    .gradCAM, .gradCAMPlusPlus, .hiResCAM, .xGradCAM, .layerCAM, .elementwiseGradCAM, .scoreCAM,
    .ablationCAM, .shapleyCAM, .finerCAM, .eigenCAM, .eigenGradCAM, .segEigenCAM, .kpcaCAM, .fem,
    .fullGrad,
  ]
}
