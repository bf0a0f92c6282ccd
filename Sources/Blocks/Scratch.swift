import Contracts
import Memory
import Synchronization

/// Memory that a kernel needs while it runs, one piece a thread, shared by all stages of a plan.
package final class Scratch {
  /// How many threads there are.
  package let threads: Int
  private let isReserving = Mutex(())
  private var each = 0
  private var memory: UnsafeMutablePointer<Float>?

  package init(threads: Int) {
    self.threads = max(1, threads)
  }

  deinit {
    if let memory { Allocation.free(memory) }
  }

  /// Makes room for `count` floats a thread; pieces handed out before are void.
  ///
  /// Several threads may ask at once, while none uses a piece.
  package func reserve(_ count: Int) {
    isReserving.withLock { _ in
      guard count > each else { return }
      if let memory { Allocation.free(memory) }
      each = (count + 15) & ~15
      memory = FloatBuffer.memory(threads * each)
    }
  }

  /// The piece of one thread, aligned to 64 bytes.
  package func piece(of thread: Int) -> UnsafeMutablePointer<Float> {
    guard let memory else { preconditionFailure("Scratch: used before it was reserved") }
    return memory + thread * each
  }
}
