public import Networks
public import Objectives

extension Recipe {
  /// The keys of a model's metadata, or of the JSON file beside it, that say what suits its logits.
  ///
  /// A layer's activations are of another size, and for them the same weights of penalties would be wrong.
  public static let metadataKeys = [
    "steps", "learning-rate", "seed", "l1", "l2", "tv", "blur", "jitter",
  ].map { "visualize.logits.\($0)" }

  /// The defaults, and for a logit what a model's metadata says instead.
  public init(metadata: [String: String], for unit: NetworkUnit) {
    self.init(metadata: metadata, for: Objective(unit))
  }

  /// The defaults, and for logits what a model's metadata says instead.
  public init(metadata: [String: String], for objective: Objective) {
    self.init()
    let sources = Set(objective.readings.map(\.source))
    guard sources == [.logits] else { return }
    func number<Number: LosslessStringConvertible>(_ key: String, _ usual: Number) -> Number {
      metadata["visualize.logits.\(key)"].flatMap { Number($0) } ?? usual
    }
    steps = max(1, number("steps", steps))
    learningRate = number("learning-rate", learningRate)
    seed = number("seed", seed)
    l1 = number("l1", l1)
    l2 = number("l2", l2)
    tv = number("tv", tv)
    blur = number("blur", blur)
    jitter = metadata["visualize.logits.jitter"].flatMap { Int($0) } ?? jitter
  }
}
