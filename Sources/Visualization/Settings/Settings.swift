/// The settings of a picture; each declares itself in a file of its own.
public enum Settings {
  /// All of them, in the order in which they are applied and shown.
  public static let all: [any SettingDeclaration] = [
    recipe,
    size,
    batch,
    steps,
    warmUp,
    learningRate,
    seed,
    tries,
    stop,
    parameterization,
    levels,
    spectrum,
    optimizer,
    transforms,
    views,
    jitter,
    alpha,
    l1,
    l2,
    tv,
    blur,
    like,
    likeLayers,
    likeWeight,
    batchNormalization,
    start,
    fit,
    scale,
    bands,
  ]

  /// The setting of a key.
  public static func named(_ key: String) -> (any SettingDeclaration)? {
    all.first { $0.key == key }
  }
}
