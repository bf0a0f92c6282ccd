import Files
import Foundation

/// A training in the middle, as bytes: a line that names the format, a line of JSON, the numbers, and the
/// SHA-256 of all that.
struct Checkpoint {
  /// What stands before the numbers.
  struct Header: Codable {
    /// What the training is; another's checkpoint is refused.
    var training: TrainingIdentity
    var step: Int
    /// Sums over the steps of the epoch so far.
    var total: Double
    var correct: Int
    var count: Int
    var history: [EpochRecord]
  }

  /// Bytes that are no checkpoint any more.
  struct Damage: Error {
    var reason: String
  }

  var header: Header
  /// The numbers: 4 bytes each, as they lie in memory.
  var numbers: ArraySlice<UInt8>

  private static let format = "visualize checkpoint "
  private static let magic = Array("\(format)2\n".utf8)
  private static let hashCount = 64
  /// The most bytes of a file that are read for a small network.
  private static let sizeLimit = 1 << 28

  init(_ header: Header, numbers: [UInt8]) {
    (self.header, self.numbers) = (header, numbers[...])
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - size: How many bytes of numbers there must be.
  /// - Throws: `Damage`.
  init(at path: String, size: Int) throws(Damage) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular,
      let count = (attributes[.size] as? NSNumber)?.intValue
    else { throw Damage(reason: "it is missing, or no file") }
    // Another training's may be larger than this one's, and is to be recognized.
    guard count <= max(4 * size, Self.sizeLimit),
      let data = FileManager.default.contents(atPath: path)
    else { throw Damage(reason: "it cannot be read, or is larger than it can be") }
    try self.init(bytes: Array(data), size: size)
  }

  /// Reads bytes.
  init(bytes: [UInt8], size: Int) throws(Damage) {
    guard bytes.starts(with: Self.format.utf8) else { throw Damage(reason: "it is no checkpoint") }
    guard bytes.starts(with: Self.magic) else {
      throw Damage(reason: "its format is another version's")
    }
    let end = bytes.count - Self.hashCount
    guard end > Self.magic.count,
      SHA256.hexadecimal(Data(bytes[..<end])) == String(decoding: bytes[end...], as: UTF8.self)
    else { throw Damage(reason: "its checksum is wrong") }
    guard let line = bytes[Self.magic.count..<end].firstIndex(of: 10),
      let header = try? JSONDecoder().decode(
        Header.self, from: Data(bytes[Self.magic.count..<line]))
    else { throw Damage(reason: "its header makes no sense") }
    self.header = header
    numbers = bytes[(line + 1)..<end]
    // Of another training as many as that has; what it is stands in the header.
    guard numbers.count.isMultiple(of: 4) else { throw Damage(reason: "numbers are missing") }
  }

  /// The bytes of a file.
  func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let bytes = Self.magic + Array(try encoder.encode(header)) + [10] + numbers
    return bytes + Array(SHA256.hexadecimal(Data(bytes)).utf8)
  }
}

extension Checkpoint.Header {
  /// Whether a training can be where this says it is.
  func isPossible(stepsPerEpoch: Int, batch: Int, epochs: Int) -> Bool {
    let start = history.count * stepsPerEpoch
    return history.count <= epochs && (start...start + stepsPerEpoch).contains(step)
      && step <= epochs * stepsPerEpoch && count == (step - start) * batch
      && (0...count).contains(correct) && total.isFinite
      && history.map(\.epoch) == Array(1...max(1, history.count)).prefix(history.count).map { $0 }
      && history.allSatisfy { $0.loss.isFinite && $0.validationLoss.isFinite }
  }
}
