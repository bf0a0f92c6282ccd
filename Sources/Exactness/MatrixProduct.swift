import Tensors

/// A product of two matrices, both row by row, in loops that stay in the caches: blocks of 256 rows and inner places
/// of the first matrix meet four columns of the second at a time.
struct MatrixProduct {
  let rows, columns, inner: Int

  private static let block = 256
  /// Columns that a thread takes at once.
  private static let share = 32

  /// Adds `a b` to `c`, on all threads where it is large enough.
  func add(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, to c: UnsafeMutablePointer<Double>
  ) {
    guard rows * columns * inner > 1 << 16 else { return add(a, b, to: c, 0..<columns) }
    let parts = (columns + Self.share - 1) / Self.share
    ThreadPool.share(parts) { part, _ in
      add(a, b, to: c, part * Self.share..<min(columns, (part + 1) * Self.share))
    }
  }

  private func add(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, to c: UnsafeMutablePointer<Double>,
    _ range: Range<Int>
  ) {
    withUnsafeTemporaryAllocation(of: SIMD4<Double>.self, capacity: Self.block) { packed in
      guard let panel = packed.baseAddress else { return }
      for first in stride(from: 0, to: inner, by: Self.block) {
        let depth = min(Self.block, inner - first)
        for top in stride(from: 0, to: rows, by: Self.block) {
          let bottom = min(rows, top + Self.block)
          for column in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
            let width = min(4, range.upperBound - column)
            pack(b + first * columns + column, width, depth, into: panel)
            var row = top
            while row + 4 <= bottom {
              four(a + row * inner + first, panel, depth, c + row * columns + column, width)
              row += 4
            }
            while row < bottom {
              one(a + row * inner + first, panel, depth, c + row * columns + column, width)
              row += 1
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func pack(
    _ b: UnsafePointer<Double>, _ width: Int, _ depth: Int,
    into panel: UnsafeMutablePointer<SIMD4<Double>>
  ) {
    for p in 0..<depth {
      let row = b + p * columns
      var four = SIMD4<Double>.zero
      if width == 4 {
        four = SIMD4(row[0], row[1], row[2], row[3])
      } else {
        for i in 0..<width { four[i] = row[i] }
      }
      panel[p] = four
    }
  }

  @inline(__always)
  private func four(
    _ a: UnsafePointer<Double>, _ panel: UnsafePointer<SIMD4<Double>>, _ depth: Int,
    _ c: UnsafeMutablePointer<Double>, _ width: Int
  ) {
    var (s0, s1, s2, s3) = (
      SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero
    )
    let (a1, a2, a3) = (a + inner, a + 2 * inner, a + 3 * inner)
    for p in 0..<depth {
      let b = panel[p]
      s0 += b * a[p]
      s1 += b * a1[p]
      s2 += b * a2[p]
      s3 += b * a3[p]
    }
    store(s0, to: c, width)
    store(s1, to: c + columns, width)
    store(s2, to: c + 2 * columns, width)
    store(s3, to: c + 3 * columns, width)
  }

  @inline(__always)
  private func one(
    _ a: UnsafePointer<Double>, _ panel: UnsafePointer<SIMD4<Double>>, _ depth: Int,
    _ c: UnsafeMutablePointer<Double>, _ width: Int
  ) {
    var sum = SIMD4<Double>.zero
    for p in 0..<depth { sum += panel[p] * a[p] }
    store(sum, to: c, width)
  }

  @inline(__always)
  private func store(
    _ sum: SIMD4<Double>, to c: UnsafeMutablePointer<Double>, _ width: Int
  ) {
    for i in 0..<width { c[i] += sum[i] }
  }
}
