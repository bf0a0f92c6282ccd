import Testing

@testable import Tensors

/// Blocks of memory that wait for the next tensor of their size.
@Suite struct StoragePoolTests {
  @Test("of many blocks that wait, those that wait in vain are gone at once")
  func many() {
    let pool = StoragePool()
    let small = (0..<200_000).map { _ in pool.take(16) }
    for block in small { pool.give(block, 16) }
    let time = ContinuousClock().measure {
      let large = (0..<10).map { _ in pool.take(1 << 18) }
      #expect(pool.waiting == 0)
      for block in large { pool.give(block, 1 << 18) }
    }
    #expect(time < .seconds(2), "\(time)")
    pool.empty()
    #expect(pool.waiting == 0)
  }

  /// What a turn of a loop needs: some sizes one after the other, each a few times at once.
  private func turn(_ pool: StoragePool, _ sizes: [Int], at once: Int = 3) -> Set<Int> {
    var places = Set<Int>()
    for size in sizes {
      let blocks = (0..<once).map { _ in pool.take(size) }
      for block in blocks {
        places.insert(Int(bitPattern: block))
        pool.give(block, size)
      }
    }
    return places
  }

  @Test("from the third turn on, a loop takes the blocks that it has given back")
  func turns() {
    let pool = StoragePool()
    // 27 MB a turn, of sizes each of which would take the place of the others.
    let sizes = [1 << 20, 1 << 14, 1 << 19, 3 << 17, 1 << 18, 100, 5 << 16]
    for _ in 0..<2 { _ = turn(pool, sizes) }
    let third = turn(pool, sizes)
    let waiting = pool.waiting
    #expect(waiting == sizes.reduce(0) { $0 + 3 * (($1 * 4 + 63) & ~63) })
    for _ in 0..<400 { #expect(turn(pool, sizes) == third) }
    #expect(pool.waiting == waiting)
    pool.empty()
  }

  @Test("what one loop has left goes while the next one runs")
  func phases() {
    let pool = StoragePool()
    for _ in 0..<20 { _ = turn(pool, [1 << 20, 1 << 19, 1 << 18]) }
    #expect(pool.waiting > 3 << 21)
    // The same size is asked for, but by fewer at once.
    for _ in 0..<600 { _ = turn(pool, [1 << 15, 1 << 18], at: 1) }
    #expect(pool.waiting == 4 * ((1 << 15) + (1 << 18)))
    pool.empty()
  }
}
