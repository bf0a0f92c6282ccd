import Memory
import Synchronization

/// A block of floats, aligned to 64 bytes, that goes back to a pool when its last owner lets go.
///
/// - Note: `@unchecked Sendable` holds because a block is written only by `Tensor`'s mutating members,
///   which first make sure that they are its one owner.
@usableFromInline final class Storage: @unchecked Sendable {
  @usableFromInline let pointer: UnsafeMutablePointer<Float>
  @usableFromInline let count: Int

  @usableFromInline init(count: Int) {
    self.count = count
    pointer = StoragePool.shared.take(count)
  }

  deinit {
    StoragePool.shared.give(pointer, count)
  }
}

extension Tensor {
  /// Gives the memory of tensors that are gone, which is kept for the next of their size, back to the system.
  package static func returnUnused() { StoragePool.shared.empty() }
}

/// Freed blocks by size, so that a loop that makes the same tensors in every turn allocates nothing
/// after the first turns and touches no fresh pages.
///
/// Blocks of a size that is no more asked for go back to the system, and in loops of short turns those that a turn
/// does not need: what one phase of the work leaves does not stay beside what the next one needs.
final class StoragePool: Sendable {
  static let shared = StoragePool()

  private struct Block: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Float>
  }

  /// Blocks of one size, and when such are asked for.
  private struct Line {
    var blocks: [Block] = []
    /// When the last was taken, counted in blocks taken, and how long after the one before.
    private(set) var last = 0
    private(set) var period = 0

    /// The fewest that have waited since it was last looked.
    private var fewest = 0

    mutating func take(at time: Int) -> Block? {
      // Of those of one turn most follow closely: the longest wait counts, and is forgotten slowly.
      period = max(last == 0 ? 0 : time - last, period - period / 256)
      last = time
      defer { fewest = min(fewest, blocks.count) }
      return blocks.popLast()
    }

    /// Takes out what waits in vain: all, where none was asked for in twice the time that it used to take; else what
    /// was not needed since it was last looked, if a turn is shorter than that.
    mutating func takeOut(at time: Int, since interval: Int) -> ArraySlice<Block> {
      let hasPassed = time - last > 2 * period
      let count = hasPassed ? blocks.count : 2 * period < interval ? fewest : 0
      let out = blocks.prefix(count)
      blocks.removeFirst(count)
      fewest = blocks.count
      return out
    }
  }

  private struct State {
    /// By their bytes.
    var lines: [Int: Line] = [:]
    var bytes = 0
    var time = 0
    /// When it was last looked what waits in vain.
    var looked = 0

    /// Takes out what waits in vain, and forgets sizes that nobody has asked for in a long time.
    mutating func takeOut() -> [Block] {
      var out: [Block] = []
      for size in Array(lines.keys) {
        guard var line = lines.removeValue(forKey: size) else { continue }
        let passed = line.takeOut(at: time, since: time - looked)
        out += passed
        bytes -= size * passed.count
        if !line.blocks.isEmpty || time - line.last < StoragePool.memory { lines[size] = line }
      }
      looked = time
      return out
    }
  }

  /// Bytes kept for reuse at most; beyond it a block goes back to the system.
  private static let limit = 1 << 28
  /// Bytes of the smallest block before which others are let go.
  private static let large = 1 << 16
  /// How often it is looked what waits in vain, in blocks taken.
  private static let interval = 1 << 10
  /// After how many blocks taken a size is forgotten.
  private static let memory = 1 << 16

  private let state = Mutex(State())

  private static func bytes(_ count: Int) -> Int {
    (max(count, 1) * MemoryLayout<Float>.stride + 63) & ~63
  }

  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = Self.bytes(count)
    let (kept, passed) = state.withLock { state -> (Block?, [Block]) in
      state.time += 1
      let block = state.lines[bytes, default: Line()].take(at: state.time)
      if block != nil { state.bytes -= bytes }
      let looks =
        block == nil && bytes >= Self.large || state.time - state.looked >= Self.interval
      return (block, looks ? state.takeOut() : [])
    }
    for block in passed { Allocation.free(block.pointer) }
    return kept?.pointer ?? Allocation.floats(bytes / MemoryLayout<Float>.stride)
  }

  /// Bytes of all blocks that wait.
  var waiting: Int { state.withLock { $0.bytes } }

  /// Lets go of all blocks that wait.
  func empty() {
    let blocks = state.withLock { state in
      defer { (state.lines, state.bytes) = ([:], 0) }
      return state.lines.values.flatMap(\.blocks)
    }
    for block in blocks { Allocation.free(block.pointer) }
  }

  func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let bytes = Self.bytes(count)
    let kept = state.withLock { state in
      guard state.bytes + bytes <= Self.limit else { return false }
      state.lines[bytes, default: Line()].blocks.append(Block(pointer: pointer))
      state.bytes += bytes
      return true
    }
    if !kept { Allocation.free(pointer) }
  }
}
