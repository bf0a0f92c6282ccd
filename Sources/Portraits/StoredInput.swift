import Foundation
public import Networks
public import Tensors
import Visualization

/// Numbers in place of a photograph: a NumPy file as the network takes it, or a sound.
public struct StoredInput: Sendable {
  /// What a file holds.
  private enum Content {
    /// An array; its axes are the file's own.
    case array(Tensor)
    case sound(WaveFile)
  }

  /// The file.
  public let path: String
  private let content: Content

  /// Whether a file is one by its name: `.npy`, `.wav` or `.wave`.
  public static func isOne(_ path: String) -> Bool {
    ["npy", "wav", "wave"].contains(URL(filePath: path).pathExtension.lowercased())
  }

  /// Reads a file.
  ///
  /// - Throws: `NumPyFileError`, `WaveFileError`, `FileError`.
  public init(contentsOf path: String) throws {
    self.path = path
    content =
      URL(filePath: path).pathExtension.lowercased() == "npy"
      ? .array(try NumPyFile(contentsOf: path).tensor)
      : .sound(try WaveFile(contentsOf: path))
  }

  /// The numbers as they are fed to a network, and what was done to them.
  ///
  /// An array is fed as it is; first axes of extent 1 that it lacks, as of a batch of one, are put in front. A sound is brought into the network's
  /// range, several channels mixed for a network of one.
  ///
  /// - Parameter network: The network.
  /// - Returns: N×C×H×W of one input, and words on it.
  /// - Throws: `StoredInputError` for other extents.
  public func fed(to network: Network) throws -> (input: Tensor, words: String) {
    do throws(StoredInputError.Reason) {
      switch content {
      case .array(let numbers): return try Self.fed(numbers, to: network)
      case .sound(let sound): return try Self.fed(sound, to: network)
      }
    } catch {
      throw StoredInputError(file: path, reason: error)
    }
  }

  private static func fed(
    _ numbers: Tensor, to network: Network
  ) throws(StoredInputError.Reason) -> (input: Tensor, words: String) {
    let axes = network.inputAxes.extents.count
    let lacking = max(0, axes - numbers.shape.rank)
    let own = numbers.reshaped(
      Shape([Int](repeating: 1, count: lacking) + numbers.shape.dimensions))
    guard own.count > 0, let input = try? network.fed(own) else {
      throw .shape(numbers.shape.inWords, takes: network.inputAxesInWords)
    }
    guard input.shape[0] == 1 else { throw .several(input.shape[0]) }
    let range = [input.minimum, input.maximum].map { $0.rounded(digits: 3) }
    return (
      input, "\(numbers.shape.inWords) numbers in \(range[0])…\(range[1]), fed as they are"
    )
  }

  private static func fed(
    _ sound: WaveFile, to network: Network
  ) throws(StoredInputError.Reason) -> (input: Tensor, words: String) {
    guard network.form == .signal else {
      throw .noSignal(takes: network.form.inWords ?? "pictures")
    }
    let (channels, length) = (sound.samples.shape[0], sound.samples.shape[1])
    let wanted = network.inputChannels ?? 1
    var samples = sound.samples
    var words = "\(length) samples at \(sound.rate) Hz, \(sound.encoding)"
    if channels != wanted {
      guard wanted == 1 else {
        throw .channels(channels, wanted: wanted)
      }
      samples = samples.sum(alongAxes: [0], keepingAxes: true) / Float(channels)
      words += ", \(channels) channels mixed"
    }
    let unit = samples.reshaped([1, wanted, 1, length]) * 0.5 + 0.5
    let (low, high) = (network.preparation.rangeLower, network.preparation.rangeUpper)
    words += "; −1…1 becomes \(low.plain)…\(high.plain), the rate stays"
    return (network.received(unit, as: .picture()), words)
  }
}

extension Shape {
  /// `1×16000`.
  fileprivate var inWords: String { dimensions.map(String.init).joined(separator: "×") }
}

extension Float {
  /// The number with so many digits after the point at most, in Swift's words.
  fileprivate func rounded(digits: Int) -> String {
    let unit = (0..<digits).reduce(Float(1)) { unit, _ in unit * 10 }
    return abs(self) < 1e6 ? ((self * unit).rounded() / unit).plain : "\(self)"
  }
}

/// Why numbers cannot be fed.
public struct StoredInputError: Error, Hashable, CustomStringConvertible {
  /// What is wrong with the file.
  public enum Reason: Error, Hashable, Sendable {
    /// Other extents than the network's.
    case shape(String, takes: String)
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
    case .mixed: "cannot be explained here: photographs and numbers are explained apart"
    }
  }
}
