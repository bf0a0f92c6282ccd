import Tensors
import Testing

@Suite struct RandomTests {
  /// Another kind of generator with the same draws, which nobody can share out.
  private struct Wrapped: RandomNumberGenerator {
    var own: SplitMix64
    mutating func next() -> UInt64 { own.next() }
  }

  @Test(
    "normal draws are the same one after the other and shared out", arguments: [1, 70_001, 70_002])
  func sharing(_ count: Int) {
    var (random, wrapped) = (SplitMix64(seed: 4), Wrapped(own: SplitMix64(seed: 4)))
    let pool = ThreadPool(threads: 4)
    defer { pool.stop() }
    let shared = ThreadPool.$current.withValue(pool) { Tensor.normal([count], using: &random) }
    #expect(shared == Tensor.normal([count], using: &wrapped))
    #expect(random.next() == wrapped.next())
  }

  @Test("matrix products of every width to 50 columns against sums in Double")
  func products() {
    var random = SplitMix64(seed: 5)
    for columns in 1...50 {
      let a = Tensor.normal([17, 6], using: &random)
      let b = Tensor.normal([6, columns], using: &random)
      for (i, value) in Tensor.matmul(a, b).scalars.enumerated() {
        let exact = (0..<6).reduce(0.0) {
          $0 + Double(a[i / columns, $1]) * Double(b[$1, i % columns])
        }
        #expect(abs(Double(value) - exact) < 1e-5)
      }
    }
  }
}
