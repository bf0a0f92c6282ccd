/// What can go wrong in training, in words for the person who started it.
public enum TrainingError: Error, CustomStringConvertible, Equatable {
  /// An architecture that cannot be read or built.
  case architecture(String, reason: String)
  /// Data that cannot be used.
  case data(String, reason: String)
  /// A checkpoint that cannot be read or belongs to another training.
  case checkpoint(String, reason: String)
  /// The loss grows beyond all bounds, or is no number any more; a step size to try instead.
  case diverged(epoch: Int, rate: Float)
  /// Settings that make no sense.
  case settings(String)

  /// The message.
  public var description: String {
    switch self {
    case .architecture(let text, let reason): "architecture '\(text)': \(reason)"
    case .data(let path, let reason): "\(path): \(reason)"
    case .checkpoint(let path, let reason): "\(path): \(reason)"
    case .diverged(let epoch, let rate):
      "diverged in epoch \(epoch): try a learning rate of \(rate)"
    case .settings(let reason): reason
    }
  }
}
