import Testing

@testable import Memory

@Suite struct MemoryLimitTests {
  @Test(
    "amounts as people write them",
    arguments: [
      ("2GB", 2_000_000_000), ("512 mb", 512_000_000), ("1.5GiB", 3 << 29), ("3k", 3000),
      ("1000000", 1_000_000), ("7 TiB", 7 << 40), ("1b", 1), ("", nil), ("GB", nil), ("2XB", nil),
      ("-1GB", nil), ("0", nil), ("1e9", nil), ("99999999999TB", nil), ("2GB2", nil), ("٢GB", nil),
    ] as [(String, Int?)])
  func amounts(_ text: String, _ bytes: Int?) {
    #expect(MemoryLimit.amount(text) == bytes)
  }

  @Test("what a file asks for is narrower, unless somebody says the limit")
  func narrowing() {
    MemoryLimit.$isSaid.withValue(false) {
      MemoryLimit.$bytes.withValue(1000) {
        #expect(MemoryLimit.narrowed(to: 10) { MemoryLimit.bytes } == 10)
        #expect(MemoryLimit.narrowed(to: 5000) { MemoryLimit.bytes } == 1000)
      }
    }
    MemoryLimit.limited(to: 1000) {
      #expect(MemoryLimit.narrowed(to: 10) { MemoryLimit.bytes } == 1000)
    }
  }

  @Test("one byte more than the limit is refused, in words with both numbers")
  func refused() throws {
    try MemoryLimit.limited(to: 4000) {
      try MemoryLimit.check(scalars: 1000)
      #expect(throws: MemoryError("the network", needed: 4004, limit: 4000)) {
        try MemoryLimit.check(scalars: 1001)
      }
      #expect(throws: MemoryError.self) { try MemoryLimit.check(scalars: .max) }
    }
    let error = MemoryError("the sheet", needed: 1_610_000_000, limit: 800_000_001)
    #expect(
      error.description.hasPrefix(
        "the sheet needs 1.7 GB of memory, and 801 MB may be taken; use a smaller picture"))
    #expect(MemoryError.amount(1001) == "2 KB" && MemoryError.amount(999_999) == "1000 KB")
  }

  @Test("products and sums beyond all numbers are the largest one")
  func saturation() {
    #expect(MemoryLimit.product([1 << 40, 1 << 40]) == .max)
    #expect(MemoryLimit.product([3, 5]) == 15)
    #expect(MemoryLimit.sum(.max, 1) == .max)
    #expect(MemoryLimit.sum(1, 2, 3) == 6)
  }
}
