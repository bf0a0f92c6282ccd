extension RegisteredMethod {
  /// Every method, in the order in which help lists them.
  public static let all: [RegisteredMethod] =
    gradients + paths + rules + relevance + classActivation + attention + perturbation + layers
}
