import Foundation
import Synchronization
import Testing

@testable import Server

@Suite struct TurnstileTests {
  @Test func othersPassInTheOrderInWhichTheyCame() {
    let turnstile = Turnstile(places: 1)
    let (go, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let order = Mutex<[Int]>([])
    let most = Mutex((now: 0, most: 0))
    let count = 6
    for index in 0..<count {
      Thread {
        turnstile.pass {
          most.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
          order.withLock { $0.append(index) }
          go.wait()
          most.withLock { $0.now -= 1 }
        }
        done.signal()
      }.start()
      // The first is at work before the second comes; each waits before the next one comes.
      while order.withLock(\.count) == 0 || turnstile.waiting < index {
        Thread.sleep(forTimeInterval: 0.001)
      }
    }
    for _ in 0..<count { go.signal() }
    for _ in 0..<count { #expect(done.wait(timeout: .now() + 30) == .success) }
    #expect(order.withLock { $0 } == Array(0..<count))
    #expect(most.withLock(\.most) == 1)
  }

  @Test func aPlaceIsGivenBackByWhoFails() {
    struct Failure: Error {}
    let turnstile = Turnstile(places: 1)
    for _ in 0..<3 {
      #expect(throws: Failure.self) { try turnstile.pass { throw Failure() } as Void }
    }
    let seven = turnstile.pass { 7 }
    #expect(seven == 7)
  }
}
