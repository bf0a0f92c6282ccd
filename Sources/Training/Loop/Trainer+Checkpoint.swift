import Blocks
import Files
import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Trainer {
  /// Which of the two checkpoints on disk are this training's, and whole.
  enum Kept {
    case none, newest, older
  }

  private var buffers: [FloatBuffer] {
    [parameters.values, average.values] + updater.memories
  }

  private static func older(_ path: String) -> String { path + ".older" }

  /// Whether there is something to go on from: a checkpoint, or the one before it.
  public static func hasCheckpoint(at path: String) -> Bool {
    [path, older(path)].contains { FileManager.default.fileExists(atPath: $0) }
  }

  /// Removes a checkpoint and the one before it.
  ///
  /// - Throws: `FileError.unwritable`.
  public static func removeCheckpoint(at path: String) throws {
    for file in [older(path), path] where unlink(file) != 0 && errno != ENOENT {
      throw FileError.unwritable(file: file, reason: String(cString: strerror(errno)))
    }
  }

  /// Writes all that is needed to go on: whole or not at all.
  ///
  /// The checkpoint before stays beside it, as
  /// `PATH.older`, until the next.
  public func saveCheckpoint(to path: String) throws {
    let bytes = try checkpoint()
    let older = Self.older(path)
    if kept == .newest, rename(path, older) != 0, errno != ENOENT {
      throw FileError.unwritable(file: older, reason: String(cString: strerror(errno)))
    }
    do {
      try writeAtomically(bytes, to: path)
    } catch {
      if kept == .newest { rename(older, path) }
      throw error
    }
    if kept == .none { unlink(older) }
    kept = .newest
  }

  /// The bytes of a checkpoint.
  func checkpoint() throws -> [UInt8] {
    let header = Checkpoint.Header(
      training: identity, step: step, total: epochLoss.total, correct: epochLoss.correct,
      count: epochLoss.count, history: history)
    var numbers: [UInt8] = []
    for buffer in buffers {
      numbers += UnsafeRawBufferPointer(start: buffer.pointer, count: buffer.count * 4)
    }
    return try Checkpoint(header, numbers: numbers).encoded()
  }

  /// Goes on where a checkpoint was written; the result has the same bytes as without a break.
  ///
  /// - Returns: nil, or where the checkpoint is damaged or missing and the one before it was taken: what to say
  ///   of that.
  /// - Throws: `TrainingError.checkpoint` if neither can be read, or if it belongs to another training.
  @discardableResult
  public func resume(from path: String) throws -> String? {
    let older = Self.older(path)
    do {
      try take(path)
      kept = .newest
      return nil
    } catch let damage as Checkpoint.Damage {
      guard FileManager.default.fileExists(atPath: older) else {
        throw TrainingError.checkpoint(path, reason: damage.reason)
      }
      do {
        try take(older)
        kept = .older
      } catch let second as Checkpoint.Damage {
        throw TrainingError.checkpoint(
          path, reason: "\(damage.reason); and of \(older): \(second.reason)")
      }
      return "\(path): \(damage.reason). The one before it, \(older), is taken."
    }
  }

  /// Takes over what a checkpoint says.
  ///
  /// - Throws: `Checkpoint.Damage`, or `TrainingError.checkpoint` for another training's.
  private func take(_ path: String) throws {
    let size = buffers.reduce(0) { $0 + $1.count * 4 }
    let checkpoint = try Checkpoint(at: path, size: size)
    let header = checkpoint.header
    if let difference = identity.difference(from: header.training) {
      throw TrainingError.checkpoint(
        path, reason: "it belongs to another training: \(difference)")
    }
    guard checkpoint.numbers.count == size,
      header.isPossible(stepsPerEpoch: stepsPerEpoch, batch: batch, epochs: settings.epochs)
    else { throw Checkpoint.Damage(reason: "what it says of itself cannot be") }
    let isFinite = checkpoint.numbers.withUnsafeBytes { bytes in
      stride(from: 0, to: size, by: 4).allSatisfy {
        bytes.loadUnaligned(fromByteOffset: $0, as: Float.self).isFinite
      }
    }
    guard isFinite else { throw Checkpoint.Damage(reason: "there are numbers in it that are none") }
    checkpoint.numbers.withUnsafeBytes { bytes in
      var position = 0
      for buffer in buffers {
        let count = buffer.count * 4
        UnsafeMutableRawBufferPointer(start: buffer.pointer, count: count)
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
        position += count
      }
    }
    (step, updater.step, history) = (header.step, header.step, header.history)
    epochLoss = Loss(total: header.total, correct: header.correct, count: header.count)
  }
}
