import Foundation
import Memory
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

  /// The network for what the file holds: for as many slices as an array has, where the network's file leaves that open.
  ///
  /// - Throws: `StoredInputError` for no slices, or more than there may be.
  package func fitting(_ network: Network) throws -> Network {
    guard case .array(let numbers) = content else { return network }
    do {
      return try network.taking(slicesOf: numbers.shape)
    } catch NetworkError.inputValue(let input, let reason) {
      throw StoredInputError(
        file: path, reason: .slices("\(numbers.shape)", input: input, reason: reason))
    }
  }

  /// The shape of what `fed(to:)` returns, found before anything is computed.
  ///
  /// - Parameter network: The network.
  /// - Returns: N×C×H×W.
  /// - Throws: `StoredInputError` for other extents.
  package func shape(fedTo network: Network) throws -> Shape {
    do throws(StoredInputError.Reason) {
      switch content {
      case .array(let numbers): return try Self.shape(of: numbers, fedTo: network)
      case .sound(let sound):
        return [1, try Self.channels(of: sound, for: network), 1, sound.samples.shape[1]]
      }
    } catch {
      throw StoredInputError(file: path, reason: error)
    }
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

  /// The extents of an array with the first ones that it lacks.
  private static func completed(_ shape: Shape, for network: Network) -> Shape {
    let lacking = max(0, network.inputAxes.extents.count - shape.rank)
    return Shape([Int](repeating: 1, count: lacking) + shape.dimensions)
  }

  private static func shape(
    of numbers: Tensor, fedTo network: Network
  ) throws(StoredInputError.Reason) -> Shape {
    let own = completed(numbers.shape, for: network)
    guard own.count > 0, let shape = try? network.fedShape(ofNumbers: own) else {
      throw .shape("\(numbers.shape)", takes: network.inputAxesInWords)
    }
    guard shape[0] == 1 else { throw .several(shape[0]) }
    return shape
  }

  private static func fed(
    _ numbers: Tensor, to network: Network
  ) throws(StoredInputError.Reason) -> (input: Tensor, words: String) {
    let shape = try shape(of: numbers, fedTo: network)
    let own = numbers.reshaped(completed(numbers.shape, for: network))
    let input = network.ordered(own).reshaped(shape)
    let range = [input.minimum, input.maximum].map { $0.rounded(digits: 3) }
    return (
      input, "\(numbers.shape) numbers in \(range[0])…\(range[1]), fed as they are"
    )
  }

  private static func fed(
    _ sound: WaveFile, to network: Network
  ) throws(StoredInputError.Reason) -> (input: Tensor, words: String) {
    let wanted = try channels(of: sound, for: network)
    let (channels, length) = (sound.samples.shape[0], sound.samples.shape[1])
    // Its mean, its range and its order are made of it one after the other.
    if let reason = MemoryLimit.lackOfRoom(
      forNumbers: sound.samples.count, copies: Self.soundCopies)
    {
      throw .memory(reason)
    }
    var samples = sound.samples
    var words = "\(length) samples at \(sound.rate) Hz, \(sound.encoding)"
    if channels != wanted {
      samples = samples.sum(alongAxes: [0], keepingAxes: true) / Float(channels)
      words += ", \(channels) channels mixed"
    }
    let unit = samples.reshaped([1, wanted, 1, length]) * 0.5 + 0.5
    let (low, high) = (network.preparation.rangeLower, network.preparation.rangeUpper)
    words += "; −1…1 becomes \(low.plain)…\(high.plain), the rate stays"
    return (network.received(unit, as: .picture()), words)
  }

  /// How many times a sound is held at most while it is brought into the network's range, itself included.
  private static let soundCopies = 5

  /// How many channels a network takes of a sound.
  private static func channels(
    of sound: WaveFile, for network: Network
  ) throws(StoredInputError.Reason) -> Int {
    guard network.form == .signal else {
      throw .noSignal(takes: network.form.inWords ?? "pictures")
    }
    let (channels, wanted) = (sound.samples.shape[0], network.inputChannels ?? 1)
    guard channels == wanted || wanted == 1 else { throw .channels(channels, wanted: wanted) }
    return wanted
  }
}

extension Float {
  /// The number with so many digits after the point at most, in Swift's words.
  fileprivate func rounded(digits: Int) -> String {
    let unit = (0..<digits).reduce(Float(1)) { unit, _ in unit * 10 }
    return abs(self) < 1e6 ? ((self * unit).rounded() / unit).plain : "\(self)"
  }
}
