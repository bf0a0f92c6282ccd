/// The settings of a picture; each declares itself in a file of its own.
public enum Settings {
  /// All of them, in the order in which they are applied and shown.
  public static let all: [any Setting.Type] = [
    Size.self,
    Batch.self,
    Steps.self,
    LearningRate.self,
    Seed.self,
    ParameterizationName.self,
    OptimizerName.self,
    TransformsName.self,
    Jitter.self,
    L1.self,
    L2.self,
    TotalVariation.self,
    Blur.self,
    Start.self,
    Scale.self,
  ]

  /// The setting of a key.
  public static func named(_ key: String) -> (any Setting.Type)? { all.first { $0.key == key } }
}
