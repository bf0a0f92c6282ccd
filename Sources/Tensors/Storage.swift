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

/// Freed blocks by size, so that a loop that makes the same tensors in every turn allocates nothing
/// after the first and touches no fresh pages.
final class StoragePool: Sendable {
  static let shared = StoragePool()

  private struct Block: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Float>
  }

  private struct State {
    var free: [Int: [Block]] = [:]
    var bytes = 0
  }

  /// Bytes kept for reuse at most; beyond it a block goes back to the system.
  private static let limit = 1 << 28

  private let state = Mutex(State())

  private static func bytes(_ count: Int) -> Int {
    (max(count, 1) * MemoryLayout<Float>.stride + 63) & ~63
  }

  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let bytes = Self.bytes(count)
    let kept = state.withLock { state in
      let block = state.free[bytes]?.popLast()
      if block != nil { state.bytes -= bytes }
      return block
    }
    return kept?.pointer ?? Allocation.floats(bytes / MemoryLayout<Float>.stride)
  }

  func give(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    let bytes = Self.bytes(count)
    let block = Block(pointer: pointer)
    let kept = state.withLock { state in
      guard state.bytes + bytes <= Self.limit else { return false }
      state.free[bytes, default: []].append(block)
      state.bytes += bytes
      return true
    }
    if !kept { Allocation.free(pointer) }
  }
}
