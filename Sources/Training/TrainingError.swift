/// What can go wrong in training, in words for the person who started it.
public enum TrainingError: Error, CustomStringConvertible, Equatable {
  /// An architecture that cannot be read or built.
  case architecture(String, reason: String)
  /// Data that cannot be used.
  case data(String, reason: String)
  /// A checkpoint that cannot be read or belongs to another training.
  case checkpoint(String, reason: String)
  /// The loss is no number any more.
  case diverged(epoch: Int, step: Int)
  /// Settings that make no sense.
  case settings(String)

  /// The message.
  public var description: String {
    switch self {
    case .architecture(let text, let reason): "architecture '\(text)': \(reason)"
    case .data(let path, let reason): "\(path): \(reason)"
    case .checkpoint(let path, let reason): "\(path): \(reason)"
    case .diverged(let epoch, let step):
      "the loss is not a number any more in step \(step) of epoch \(epoch); "
        + "try a smaller learning rate"
    case .settings(let reason): reason
    }
  }
}
