public import Memory

/// Why numbers cannot be fed.
public struct StoredInputError: Error, Hashable, CustomStringConvertible {
  /// What is wrong with the file.
  public enum Reason: Error, Hashable, Sendable {
    /// Other extents than the network's.
    case shape(String, takes: String)
    /// A number of slices that a volume cannot have, by the network's input.
    case slices(String, input: String, reason: String)
    /// Several inputs in one file.
    case several(Int)
    /// Sound for a network that takes none.
    case noSignal(takes: String)
    /// Another number of channels.
    case channels(Int, wanted: Int)
    /// Another length or size than what came before it.
    case extents(String, others: String)
    /// Too short for the network.
    case short(Int, wanted: Int)
    /// A size that numbers cannot be brought to.
    case size
    /// More than there is memory for, in words.
    case memory(String)
    /// A photograph among numbers, or the other way round.
    case mixed
  }

  /// The file.
  public let file: String
  /// What is wrong with it.
  public let reason: Reason

  /// Creates an error.
  public init(file: String, reason: Reason) { (self.file, self.reason) = (file, reason) }

  /// What is wrong and what to do.
  public var description: String { "\(file) \(words)" }

  private var words: String {
    switch reason {
    case .shape(let own, let takes): "is \(own), and the network takes \(takes)"
    case .slices(let own, let input, let reason):
      "is \(own), and the input '\(input)' \(reason)"
    case .several(let count):
      "holds \(count) inputs, and one is explained: save each by itself, as array[0:1]"
    case .noSignal(let takes):
      "is a sound, and the network takes \(takes): save what it takes, a spectrogram for example, as .npy"
    case .channels(let count, let wanted):
      "has \(count) channel\(count == 1 ? "" : "s"), and the network takes \(wanted)"
    case .extents(let own, let others):
      "is \(own), and what came before it \(others): explain it by itself"
    case .short(let length, let wanted):
      "has \(length) samples, and the network takes \(wanted): pad it with silence"
    case .size: "keeps its size: only photographs and signals are brought to another"
    case .memory(let reason): reason
    case .mixed: "cannot be explained here: photographs and numbers are explained apart"
    }
  }
}

extension StoredInputError: ShortageOfMemory {
  /// Whether a machine with more of it would do.
  public var isShortageOfMemory: Bool { if case .memory = reason { true } else { false } }
}
