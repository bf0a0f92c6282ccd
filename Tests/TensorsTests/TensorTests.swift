import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct TensorTests {
  @Test("A copy does not follow its original")
  func valueSemantics() {
    let a = Tensor([3], [1, 2, 3])
    var b = a
    b[1] = 9
    #expect(a.scalars == [1, 2, 3])
    #expect(b.scalars == [1, 9, 3])
  }

  @Test("Broadcasting by NumPy's rule")
  func broadcasting() {
    let column = Tensor([2, 1], [10, 20])
    let row = Tensor([3], [1, 2, 3])
    #expect((column + row) == Tensor([2, 3], [11, 12, 13, 21, 22, 23]))
    #expect((row - column) == Tensor([2, 3], [-9, -8, -7, -19, -18, -17]))
    #expect((Tensor(2) * row).scalars == [2, 4, 6])
    let deep = Tensor([2, 1, 2], [1, 2, 3, 4]) * Tensor([3, 1], [1, 10, 100])
    #expect(deep == Tensor([2, 3, 2], [1, 2, 10, 20, 100, 200, 3, 4, 30, 40, 300, 400]))
  }

  @Test("Broadcasting against indices written out")
  func broadcastingAgainstIndices() {
    var random = SplitMix64(seed: 6)
    for (first, second): (Shape, Shape) in [
      ([3, 1, 5], [4, 1]), ([1, 1, 5], [3, 4, 1]), ([3, 4, 5], [3, 1, 1]), ([3, 4, 5], [1, 5]),
      ([1], [3, 4, 5]), ([2, 1, 3, 1], [1, 4, 1, 5]),
    ] {
      let (a, b) = (
        Tensor.normal(first, using: &random), Tensor.normal(second, using: &random)
      )
      let shape = first.broadcast(with: second)
      let (p, q) = (a.broadcast(to: shape), b.broadcast(to: shape))
      #expect((a / b).scalars == zip(p.scalars, q.scalars).map { $0 / $1 })
      let dots = (Tensor.dot(p, a * q * 0 + q), Tensor.dot(a, q.summed(to: first)))
      #expect(abs(dots.0 - dots.1) <= 1e-4)
    }
  }

  @Test("Normal draws are the same whoever shares the work, and the generator goes on as far")
  func normalDraws() {
    let pool = ThreadPool(threads: 3)
    defer { pool.stop() }
    for count in [1, 7, 4001, 140_001] {
      var (one, other) = (SplitMix64(seed: 5), SplitMix64(seed: 5))
      let alone = Tensor.normal([count], standardDeviation: 2, using: &one)
      let shared = ThreadPool.$current.withValue(pool) {
        Tensor.normal([count], standardDeviation: 2, using: &other)
      }
      #expect(alone == shared && one.next() == other.next())
    }
    // The first pair by its definition.
    var random = SplitMix64(seed: 5)
    let u = (Double(random.next() >> 11) + 1) * 0x1p-53
    let v = Double(random.next() >> 11) * 0x1p-53
    random = SplitMix64(seed: 5)
    let pair = Tensor.normal([2], using: &random).scalars
    #expect(pair[0] == Float((-2 * log(u)).squareRoot() * cos(2 * .pi * v)))
    #expect(pair[1] == Float((-2 * log(u)).squareRoot() * sin(2 * .pi * v)))
  }

  @Test("Sums, means and maxima over axes")
  func reductions() {
    let x = Tensor([2, 2, 3], (1...12).map(Float.init))
    #expect(x.sum() == Tensor(78))
    #expect(x.sum(alongAxes: [0]) == Tensor([2, 3], [8, 10, 12, 14, 16, 18]))
    #expect(x.sum(alongAxes: [1, -1]) == Tensor([2], [21, 57]))
    #expect(x.sum(alongAxes: [1], keepingAxes: true).shape == [2, 1, 3])
    #expect(x.mean == 6.5)
    #expect(x.maximum(alongAxes: [0, 2]) == Tensor([1, 2, 1], [9, 12]))
    #expect(x.maximum == 12 && x.minimum == 1)
    #expect(x.isFinite && !(x / 0).isFinite)
  }

  @Test("A long sum keeps six digits")
  func longSum() {
    let x = Tensor([1_000_003], repeating: 0.1)
    #expect(abs(x.total - 100_000.3) <= 0.2)
    #expect(abs(Tensor.dot(x, x) - 10_000.03) <= 0.02)
  }

  @Test func axes() {
    let x = Tensor([2, 3], [1, 2, 3, 4, 5, 6])
    #expect(x.transposed([1, 0]) == Tensor([3, 2], [1, 4, 2, 5, 3, 6]))
    #expect(x.sliced([0..<2, 1..<3]) == Tensor([2, 2], [2, 3, 5, 6]))
    #expect(
      x.padded(before: [0, 1], after: [1, 0], with: 7)
        == Tensor([3, 4], [7, 1, 2, 3, 7, 4, 5, 6, 7, 7, 7, 7]))
    #expect(x.gathered([2, 0, 2], alongAxis: 1) == Tensor([2, 3], [3, 1, 3, 6, 4, 6]))
    #expect(
      x.scattered([2, 0, 2], alongAxis: 1, extent: 4) == Tensor([2, 4], [2, 0, 4, 0, 5, 0, 10, 0]))
    #expect(Tensor.concatenate([x, x], alongAxis: 1).shape == [2, 6])
    #expect(Tensor.concatenate([x, x + 6], alongAxis: 0).scalars == (1...12).map(Float.init))
  }

  @Test func matrixProduct() {
    let a = Tensor([2, 5], (1...10).map(Float.init))
    let b = Tensor([5, 2], (1...10).map(Float.init))
    #expect(Tensor.matmul(a, b) == Tensor([2, 2], [95, 110, 220, 260]))
    let batch = Tensor.concatenate([a, a * 2]).reshaped([2, 2, 5])
    #expect(Tensor.matmul(batch, b).scalars == [95, 110, 220, 260, 190, 220, 440, 520])
  }

  @Test("A product with a factor turned over has the bits of one with a turned copy")
  func matrixProductTurned() {
    var random = SplitMix64(seed: 4)
    for leading in [[], [3], [2, 2]] {
      let a = Tensor.normal(Shape(leading + [17, 21]), using: &random)
      let b = Tensor.normal(Shape(leading + [17, 19]), using: &random)
      #expect(Tensor.matmul(turned: a, b) == Tensor.matmul(a.transposedMatrices(), b))
    }
  }

  @Test("Approximations against the C library, in units in the last place")
  func approximations() {
    var worst: Float = 0
    for i in -8700...8872 {
      let x = Float(i) / 100
      let expected = Float(exp(Double(x)))
      worst = max(worst, abs(Tensor(x).exponential().scalar - expected) / expected.ulp)
    }
    #expect(worst <= 2)
    for i in -2000...2000 {
      let x = Float(i) / 100
      #expect(abs(Tensor(x).hyperbolicTangent().scalar - Float(tanh(Double(x)))) <= 2e-7)
      #expect(abs(Tensor(x).sigmoid().scalar - Float(1 / (1 + exp(Double(-x))))) <= 2e-7)
    }
    #expect(Tensor(Float.infinity).exponential().scalar == .infinity)
    #expect(Tensor(-Float.infinity).exponential().scalar == 0)
    #expect(Tensor(Float.nan).exponential().scalar.isNaN)
    #expect(Tensor(-200).sigmoid().scalar == 0 && Tensor(200).sigmoid().scalar == 1)
  }

  @Test("The square root without a branch, in units in the last place")
  func squareRoots() {
    var random = SplitMix64(seed: 9)
    var worst: Float = 0
    for _ in 0..<20_000 {
      let x = Float(
        sign: .plus, exponent: Int.random(in: -120...120, using: &random),
        significand: Float.random(in: 1..<2, using: &random))
      worst = max(worst, abs(squareRootApproximation(x) - x.squareRoot()) / x.squareRoot().ulp)
    }
    #expect(worst <= 1)
    #expect(squareRootApproximation(0) == 0)
    let tiny = Float.leastNonzeroMagnitude
    #expect(squareRootApproximation(tiny) >= 0 && squareRootApproximation(tiny) < 1e-20)
  }

  @Test("Of no elements there is no work, whatever that of one would be")
  func noElements() {
    let vast = Int.max
    for count in 0...1 {
      var ranges: [Range<Int>] = []
      ThreadPool.shareElements(count, worth: vast * 4) { ranges.append($0) }
      #expect(ranges == [0..<count])
    }
  }

  @Test("Shapes that do not fit trap")
  func mismatch() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([2]) + Tensor([3]) }
    await #expect(processExitsWith: .failure) { _ = Tensor([2, 3]).sliced([0..<2, 1..<4]) }
  }
}
