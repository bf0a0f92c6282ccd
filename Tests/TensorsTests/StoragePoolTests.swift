import Testing

@testable import Tensors

/// Blocks of memory that wait for the next tensor of their size.
@Suite struct StoragePoolTests {
  @Test("of many blocks that wait, those that have to go are gone at once")
  func many() {
    let pool = StoragePool()
    let small = (0..<200_000).map { _ in pool.take(16) }
    for block in small { pool.give(block, 16) }
    let time = ContinuousClock().measure {
      // Each takes the place of 16,384 others.
      let large = (0..<10).map { _ in pool.take(1 << 18) }
      for block in large { pool.give(block, 1 << 18) }
    }
    #expect(time < .seconds(2), "\(time)")
    pool.empty()
  }

  @Test("of one size the newest is taken first, and the oldest goes first")
  func order() {
    let pool = StoragePool()
    let blocks = (0..<200).map { _ in pool.take(1 << 12) }
    for block in blocks { pool.give(block, 1 << 12) }
    // One of 64 KB takes the place of four of 16.
    let large = pool.take(1 << 14)
    pool.give(large, 1 << 14)
    let taken = (0..<196).map { _ in pool.take(1 << 12) }
    #expect(taken == blocks.dropFirst(4).reversed())
    for block in taken { pool.give(block, 1 << 12) }
    pool.empty()
  }
}
