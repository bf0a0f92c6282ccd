import Foundation
@testable import Microscope
import Server
import Synchronization
import Testing

/// Places to work at, and who waits for them.
@Suite struct WorkbenchTests {
  @Test func whoIsGoneLeavesTheLine() throws {
    let bench = Workbench(places: 1)
    let isGone = Atomic<Bool>(false)
    let ends = Mutex<[String]>([])
    let all = DispatchGroup()
    func begin(_ name: String, check: @escaping @Sendable () throws -> Void) {
      all.enter()
      Thread {
        do {
          try bench.work(check: check) { _ in ends.withLock { $0.append(name) } }
        } catch {
          ends.withLock { $0.append("\(name) is gone") }
        }
        all.leave()
      }.start()
    }
    func wait(until condition: () -> Bool) {
      for _ in 0..<3000 where !condition() { Thread.sleep(forTimeInterval: 0.01) }
      #expect(condition())
    }
    try bench.work(check: {}) { _ in
      begin("first") { if isGone.load(ordering: .acquiring) { throw ListenerIsGone() } }
      wait { bench.waiting == 1 }
      begin("second") {}
      wait { bench.waiting == 2 }
      isGone.store(true, ordering: .releasing)
      // While nobody gives a place back.
      wait { bench.waiting == 1 }
    }
    all.wait()
    #expect(ends.withLock { $0 } == ["first is gone", "second"] && bench.waiting == 0)
  }
}
