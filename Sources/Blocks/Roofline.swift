import CKernels
import Tensors

/// What the processor could do at best: the two limits that a kernel runs into, measured.
///
/// Source: Williams, Waterman and Patterson, "Roofline", Communications of the ACM 52, 2009.
public struct Roofline: Sendable {
  /// Floating-point operations a second, a multiply-add counted as two.
  public var operations: Double
  /// Bytes a second to and from main memory.
  public var bandwidth: Double

  /// Measures for a fifth of a second; nothing else should run.
  ///
  /// - Parameter threads: How many threads work at once.
  public init(threads: Int) {
    let pool = ThreadPool(threads: threads)
    defer { pool.stop() }
    var rates = [Double](repeating: 0, count: pool.threads)
    rates.withUnsafeMutableBufferPointer { rates in
      pool.run(pool.threads) { rates[$0] = kernel_measure_peak_flops(0.1) }
    }
    operations = rates.reduce(0, +)

    // Four times as much as a large cache holds.
    let count = 1 << 25
    let (source, target) = (FloatBuffer(count: count), FloatBuffer(count: count))
    let best = (0..<4).map { _ in
      ContinuousClock().measure {
        pool.run(pool.threads) { part in
          let range = count * part / pool.threads..<count * (part + 1) / pool.threads
          (target.pointer + range.lowerBound).update(
            from: source.pointer + range.lowerBound, count: range.count)
        }
      }
    }.min()
    bandwidth =
      Double(2 * count * MemoryLayout<Float>.stride) / ((best ?? .seconds(1)) / .seconds(1))
  }
}
