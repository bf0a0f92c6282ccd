import Blocks
import Files
import Foundation
import Imaging

extension Trainer {
  /// What a checkpoint says before its numbers.
  private struct Header: Codable {
    /// What the training is; another's checkpoint is refused.
    var training: String
    var step: Int
    var updates: Int
    var total: Double
    var correct: Int
    var count: Int
    var history: [EpochRecord]
  }

  private static let magic = Array("visualize checkpoint 1\n".utf8)

  /// Everything that the bytes of the result depend on; threads do not count.
  private var fingerprint: String {
    var settings = settings
    settings.threads = 0
    return "\(architecture.text); \(data.classes.count) classes, \(data.training.count) + "
      + "\(data.validation.count) pictures of \(data.training.shape); \(settings)"
  }

  private var buffers: [FloatBuffer] {
    [parameters.values, average.values] + updater.memories
  }

  /// Writes all that is needed to go on: whole or not at all.
  public func saveCheckpoint(to path: String) throws {
    try writeAtomically(checkpoint(), to: path)
  }

  /// The bytes of a checkpoint.
  func checkpoint() throws -> [UInt8] {
    let header = Header(
      training: fingerprint, step: step, updates: updater.step, total: epochLoss.total,
      correct: epochLoss.correct, count: epochLoss.count, history: history)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var bytes = Self.magic + Array(try encoder.encode(header)) + [10]
    for buffer in buffers {
      bytes += UnsafeRawBufferPointer(start: buffer.pointer, count: buffer.count * 4)
    }
    return bytes
  }

  /// Goes on where a checkpoint was written; the result has the same bytes as without a break.
  ///
  /// - Throws: `TrainingError.checkpoint` if it cannot be read or belongs to another training.
  public func resume(from path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TrainingError.checkpoint(path, reason: "it cannot be read")
    }
    let bytes = Array(data)
    let start = Self.magic.count
    guard bytes.starts(with: Self.magic),
      let end = bytes[start...].firstIndex(of: 10),
      let header = try? JSONDecoder().decode(Header.self, from: Data(bytes[start..<end])),
      bytes.count - end - 1 == buffers.reduce(0, { $0 + $1.count * 4 })
    else { throw TrainingError.checkpoint(path, reason: "it is no checkpoint, or damaged") }
    guard header.training == fingerprint else {
      throw TrainingError.checkpoint(
        path, reason: "it belongs to a training with other settings: \(header.training)")
    }
    var position = end + 1
    bytes.withUnsafeBytes { bytes in
      for buffer in buffers {
        UnsafeMutableRawBufferPointer(start: buffer.pointer, count: buffer.count * 4)
          .copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + buffer.count * 4]))
        position += buffer.count * 4
      }
    }
    (step, updater.step, history) = (header.step, header.updates, header.history)
    epochLoss = Loss(total: header.total, correct: header.correct, count: header.count)
  }
}
