extension Recipe {
  /// The keys of a model's metadata, or of the JSON file beside it, that say what suits its units.
  public static let metadataKeys = [
    "visualize.steps", "visualize.learning-rate", "visualize.seed", "visualize.l1", "visualize.l2",
    "visualize.tv", "visualize.blur", "visualize.jitter",
  ]

  /// The defaults, and what a model's metadata says instead.
  public init(metadata: [String: String]) {
    self.init()
    func number<Number: LosslessStringConvertible>(_ key: String, _ usual: Number) -> Number {
      metadata["visualize.\(key)"].flatMap { Number($0) } ?? usual
    }
    steps = max(1, number("steps", steps))
    learningRate = number("learning-rate", learningRate)
    seed = number("seed", seed)
    l1 = number("l1", l1)
    l2 = number("l2", l2)
    tv = number("tv", tv)
    blur = number("blur", blur)
    jitter = metadata["visualize.jitter"].flatMap { Int($0) } ?? jitter
  }
}
