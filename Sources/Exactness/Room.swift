import Graphs
import Memory
import Synchronization

/// The memory that a run in Double takes, held against what may be taken.
final class Room: Sendable {
  /// The run's that is going on in this task.
  @TaskLocal static var current: Room?

  /// Bytes of numbers that are kept for the way back: a value, and what its derivative is made of.
  private static let bytesOfOne = 2 * MemoryLayout<Double>.stride

  private let bytes: Atomic<Int>

  /// - Parameter bytes: What the caller holds.
  init(beside bytes: Int) { self.bytes = Atomic(bytes) }

  /// Counts numbers that are kept.
  func take(scalars: Int) {
    bytes.add(scalars * Self.bytesOfOne, ordering: .relaxed)
  }

  /// Refuses so many more numbers where they have no room.
  ///
  /// - Throws: `MemoryError`.
  func check(_ extents: [Int], of what: String) throws {
    let more = MemoryLimit.product(extents + [Self.bytesOfOne])
    try MemoryLimit.check(
      bytes: MemoryLimit.sum(bytes.load(ordering: .relaxed), more),
      of: "\(what) in double precision")
  }
}

extension ExactCall {
  /// Refuses so many numbers beside what is kept where they have no room.
  ///
  /// - Throws: `MemoryError`.
  func requireRoom(_ extents: Int...) throws { try Room.current?.check(extents, of: node.title) }
}
