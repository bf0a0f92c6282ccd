import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct GaussianBlurTests {
  @Test("a single row is blurred along itself alone")
  func row() {
    var spike = [Double](repeating: 0, count: 33)
    spike[16] = 1
    let blurred = GaussianBlur(deviation: 2, beyond: .zeros)(spike, height: 1, width: 33)
    #expect(abs(blurred.reduce(0, +) - 1) < 1e-12)
    #expect(abs(blurred[17] / blurred[16] - exp(-0.125)) < 1e-12)
  }
}
