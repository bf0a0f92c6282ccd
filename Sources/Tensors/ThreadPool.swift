import Foundation
import Synchronization

/// Threads that share out the parts of one piece of work after another.
///
/// A step of a network is some hundred pieces of a tenth of a millisecond, so workers look for the next
/// piece for a while before they go to sleep. Which thread does which part is not determined; every part
/// writes its own results, so these are.
///
/// Work within work is done by the thread that asks for it. A pool belongs to one task.
///
/// - Note: `@unchecked Sendable` holds because `body`, `isBusy` and the ends of `shares` are written only while no
///   worker runs: before `generation` is raised and after `running` is back at 0.
package final class ThreadPool: @unchecked Sendable {
  /// The threads that work, the caller's included.
  package let threads: Int

  private let generation = Atomic<Int>(0)
  private let shares: [Share]
  private let running = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let condition = NSCondition()
  private var isBusy = false
  private var body: (_ part: Int, _ thread: Int) -> Void = { _, _ in }

  /// How long a worker looks for the next piece before it sleeps: longer than what one thread alone does in a step.
  private static let patience = Duration.microseconds(200)

  /// How long a thread waits without offering its core to others, which may be the very thread that it waits for.
  private static let selfishness = Duration.microseconds(20)

  package init(threads: Int) {
    self.threads = max(1, threads)
    shares = (0..<max(1, threads)).map { _ in Share() }
    for number in 1..<max(1, threads) {
      let thread = Thread { self.work(as: number) }
      thread.stackSize = 1 << 20
      running.add(1, ordering: .relaxed)
      thread.start()
    }
    waitUntilIdle()
  }

  /// Ends the threads; the pool must not be used afterwards.
  package func stop() {
    stopped.store(true, ordering: .releasing)
    wake()
  }

  /// Who shares the work of large tensors' functions; `nil`: nobody, the caller does it all.
  @TaskLocal package static var current: ThreadPool?

  /// Calls `body` once for each of `0..<count` on the threads of `current`.
  ///
  /// - Parameters:
  ///   - count: The parts of the work.
  ///   - body: Does one part; scratch memory goes by the thread's number, below `currentThreads`.
  package static func share(_ count: Int, _ body: (_ part: Int, _ thread: Int) -> Void) {
    if let current {
      current.run(count, body)
    } else {
      for part in 0..<count { body(part, 0) }
    }
  }

  /// How many threads `share` uses.
  package static var currentThreads: Int { current?.threads ?? 1 }

  /// Calls `body` for ranges that make up `0..<count`, on the threads of `current` where there is enough to do.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - worth: The work of an element, in vector instructions or the like; of none it is not asked for, as of rows
  ///     whose length may be any.
  ///   - body: Does the elements of one range.
  package static func shareElements(
    _ count: Int, worth: @autoclosure () -> Int = 1, _ body: (Range<Int>) -> Void
  ) {
    guard count > 1, let current else { return body(0..<count) }
    let length = max(1, (1 << 13) / max(1, worth()))
    guard count >= 2 * length else { return body(0..<count) }
    current.run((count + length - 1) / length) { part in
      body(part * length..<min((part + 1) * length, count))
    }
  }

  /// Calls `body` once for each of `0..<count`, on all threads, and returns when all are done.
  package func run(_ count: Int, _ body: (Int) -> Void) {
    run(count) { part, _ in body(part) }
  }

  /// The same, and says which of `0..<threads` it runs on.
  package func run(_ count: Int, _ body: (_ part: Int, _ thread: Int) -> Void) {
    guard threads > 1, count > 1, !isBusy else {
      for part in 0..<count { body(part, 0) }
      return
    }
    isBusy = true
    defer { isBusy = false }
    withoutActuallyEscaping(body) { body in
      self.body = body
      for (thread, share) in shares.enumerated() {
        share.assign(count * thread / threads..<count * (thread + 1) / threads)
      }
      running.store(threads - 1, ordering: .relaxed)
      wake()
      takeParts(as: 0)
      waitUntilIdle()
      self.body = { _, _ in }
    }
  }

  private func wake() {
    generation.add(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      condition.lock()
      condition.broadcast()
      condition.unlock()
    }
  }

  /// A thread does its own share first, so that from one piece of work to the next the same numbers are in its core's
  /// cache, and then what is left of others'.
  private func takeParts(as thread: Int) {
    for other in 0..<threads {
      let share = shares[(thread + other) % threads]
      while let part = share.take() { body(part, thread) }
    }
  }

  /// Parts that one thread does first.
  ///
  /// - Note: `@unchecked Sendable` for the same reason as the pool.
  private final class Share: @unchecked Sendable {
    private let next = Atomic<Int>(0)
    private var end = 0

    func assign(_ parts: Range<Int>) {
      next.store(parts.lowerBound, ordering: .relaxed)
      end = parts.upperBound
    }

    func take() -> Int? {
      let part = next.add(1, ordering: .relaxed).oldValue
      return part < end ? part : nil
    }
  }

  private func waitUntilIdle() {
    let start = ContinuousClock.now
    while !becomesTrue({ running.load(ordering: .acquiring) == 0 }) {
      if .now - start > Self.selfishness { sched_yield() }
    }
  }

  /// Whether something becomes true within some tenths of a microsecond: asking what time it is takes as long.
  @inline(__always)
  private func becomesTrue(_ holds: () -> Bool) -> Bool {
    for _ in 0..<64 where holds() { return true }
    return false
  }

  private func work(as thread: Int) {
    var seen = 0
    running.subtract(1, ordering: .releasing)
    while true {
      seen = waitForWork(after: seen)
      if stopped.load(ordering: .acquiring) { return }
      takeParts(as: thread)
      running.subtract(1, ordering: .releasing)
    }
  }

  private func waitForWork(after seen: Int) -> Int {
    let start = ContinuousClock.now
    var waited = Duration.zero
    while waited < Self.patience {
      if becomesTrue({ generation.load(ordering: .acquiring) != seen }) {
        return generation.load(ordering: .acquiring)
      }
      waited = .now - start
      if waited > Self.selfishness { sched_yield() }
    }
    condition.lock()
    defer { condition.unlock() }
    sleepers.add(1, ordering: .sequentiallyConsistent)
    defer { sleepers.subtract(1, ordering: .relaxed) }
    while true {
      let now = generation.load(ordering: .sequentiallyConsistent)
      if now != seen { return now }
      condition.wait()
    }
  }
}
