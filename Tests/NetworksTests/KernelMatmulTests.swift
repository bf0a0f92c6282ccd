import CKernels
import Tensors
import Testing

@Suite("Kernels: matrix product")
struct KernelMatmulTests {
  /// Extents around those of the tiles: 16 columns a vector, up to 14 rows and 32 columns a tile.
  @Test(
    "C = A B",
    arguments: [
      (1, 1, 1), (3, 5, 15), (1, 7, 16), (13, 3, 17), (14, 9, 31), (15, 64, 32), (29, 1, 33),
      (197, 64, 197), (2, 768, 100),
    ])
  func definition(rows: Int, inner: Int, columns: Int) {
    var random = SplitMix64(seed: 1)
    let a = Memory<Float>(count: rows * inner, using: &random)
    let b = Memory<Float>(count: inner * columns, using: &random)
    let c = Memory<Float>(count: rows * columns + 16, repeating: 12345)
    forEachInstructionSet { name in
      c.pointer.update(repeating: 12345, count: c.count)
      kernel_matmul(
        a.pointer, b.pointer, c.pointer, Int32(rows), Int32(inner), Int32(columns))
      var worst = 0.0
      for row in 0..<rows {
        for column in 0..<columns {
          var (sum, size) = (0.0, 0.0)
          for k in 0..<inner {
            let term = Double(a.pointer[row * inner + k]) * Double(b.pointer[k * columns + column])
            sum += term
            size += abs(term)
          }
          // One rounding of each product and sum.
          let tolerance = Double(inner + 1) * roundingError * size
          worst = max(worst, abs(Double(c.pointer[row * columns + column]) - sum) / tolerance)
        }
      }
      #expect(worst <= 1, "\(name)")
      #expect((0..<16).allSatisfy { c.pointer[rows * columns + $0] == 12345 }, "\(name)")
    }
  }

  @Test("A row's results do not depend on its neighbours, nor on who shares the work")
  func sharing() {
    var random = SplitMix64(seed: 2)
    let a = Tensor.normal([3, 61, 40], using: &random)
    let b = Tensor.normal([3, 40, 45], using: &random)
    let whole = Tensor.matmul(a, b)
    let pool = ThreadPool(threads: 3)
    defer { pool.stop() }
    #expect(ThreadPool.$current.withValue(pool) { Tensor.matmul(a, b) }.scalars == whole.scalars)
    forEachInstructionSet { name in
      let all = Tensor.matmul(a, b)
      for row in [0, 13, 60] {
        let one = Tensor.matmul(a.sliced([0..<3, row..<row + 1, 0..<40]), b)
        #expect(one.scalars == all.sliced([0..<3, row..<row + 1, 0..<45]).scalars, "\(name)")
      }
    }
  }
}
