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
/// after the first and touches no fresh pages.
///
/// A block of a new size takes the place of those that have waited longest: what one phase of the work leaves does
/// not stay beside what the next one needs.
final class StoragePool: Sendable {
  static let shared = StoragePool()

  private struct Block: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Float>
    /// When it was given back, counted in blocks.
    let time: Int
  }

  /// Blocks of one size, at least one, in the order in which they came; both ends are taken from at once.
  private struct Line {
    private var blocks: [Block]
    private var first = 0

    init(_ block: Block) { blocks = [block] }

    var isEmpty: Bool { first == blocks.count }
    var oldest: Block { blocks[first] }

    mutating func append(_ block: Block) { blocks.append(block) }

    mutating func removeNewest() -> Block { blocks.removeLast() }

    mutating func removeOldest() -> Block {
      let block = blocks[first]
      first += 1
      if first > 64, first > blocks.count / 2 {
        blocks.removeFirst(first)
        first = 0
      }
      return block
    }
  }

  private struct State {
    /// By their bytes.
    var free: [Int: Line] = [:]
    var bytes = 0
    var time = 0

    /// Takes out the blocks that have waited longest, at least so many bytes of them or all.
    mutating func removeOldest(_ wanted: Int) -> [Block] {
      var removed: [Block] = []
      var left = wanted
      // Only the size: whoever holds the line as well would have it copied.
      while left > 0,
        let size = free.min(by: { $0.value.oldest.time < $1.value.oldest.time })?.key,
        let block = free[size]?.removeOldest()
      {
        removed.append(block)
        if free[size]?.isEmpty == true { free[size] = nil }
        (left, bytes) = (left - size, bytes - size)
      }
      return removed
    }
  }

  /// Bytes kept for reuse at most; beyond it a block goes back to the system.
  private static let limit = 1 << 28
  /// Bytes of the smallest block that is made in the place of others.
  private static let large = 1 << 16

  private let state = Mutex(State())

  private static func bytes(_ count: Int) -> Int {
    (max(count, 1) * MemoryLayout<Float>.stride + 63) & ~63
  }

  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = Self.bytes(count)
    let (kept, replaced) = state.withLock { state -> (Block?, [Block]) in
      guard let block = state.free[bytes]?.removeNewest() else {
        return (nil, bytes >= Self.large ? state.removeOldest(bytes) : [])
      }
      if state.free[bytes]?.isEmpty == true { state.free[bytes] = nil }
      state.bytes -= bytes
      return (block, [])
    }
    for block in replaced { Allocation.free(block.pointer) }
    return kept?.pointer ?? Allocation.floats(bytes / MemoryLayout<Float>.stride)
  }

  /// Lets go of all blocks that wait.
  func empty() {
    for block in state.withLock({ $0.removeOldest($0.bytes) }) { Allocation.free(block.pointer) }
  }

  func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let bytes = Self.bytes(count)
    let kept = state.withLock { state in
      guard state.bytes + bytes <= Self.limit else { return false }
      state.time += 1
      let block = Block(pointer: pointer, time: state.time)
      if state.free[bytes]?.append(block) == nil { state.free[bytes] = Line(block) }
      state.bytes += bytes
      return true
    }
    if !kept { Allocation.free(pointer) }
  }
}
