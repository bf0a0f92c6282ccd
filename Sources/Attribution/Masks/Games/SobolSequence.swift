import Tensors

/// Points that fill a cube evenly: a Sobol sequence, shifted at random digit by digit.
///
/// The first `2ᵏ` points have one in each of `2ᵏ` equal parts of every axis. Each point alone is uniform.
///
/// Sources: Sobol, "On the distribution of points in a cube and the approximate evaluation of integrals",
/// 1967; Bratley and Fox, "Algorithm 659", 1988. The first direction numbers, which may be any odd ones small
/// enough, are drawn from the seed.
struct SobolSequence {
  /// For each axis 32 direction numbers.
  private let directions: [[UInt32]]
  private let shifts: [UInt32]

  /// Creates a sequence.
  ///
  /// - Parameters:
  ///   - axes: The number of axes.
  ///   - seed: What direction numbers and shifts follow from.
  init(axes: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var polynomials = PrimitivePolynomials()
    directions = (0..<axes).map { axis in
      axis == 0
        ? (0..<32).map { 1 << UInt32(31 - $0) }
        : Self.directions(polynomials.next(), using: &random)
    }
    shifts = (0..<axes).map { _ in UInt32(truncatingIfNeeded: random.next() >> 32) }
  }

  /// A coordinate in 0..<1.
  func coordinate(_ axis: Int, of point: Int) -> Double {
    // The order of Gray's code is another order of the same points.
    var bits = UInt32(truncatingIfNeeded: point)
    bits ^= bits >> 1
    var digits = shifts[axis]
    for place in 0..<32 where bits >> UInt32(place) & 1 == 1 { digits ^= directions[axis][place] }
    return Double(digits) * 0x1p-32
  }

  /// `m_k = 2 a₁ m_{k−1} ⊕ 4 a₂ m_{k−2} ⊕ … ⊕ 2ˢ m_{k−s} ⊕ m_{k−s}`, each as the binary fraction `m_k / 2ᵏ`.
  private static func directions(
    _ polynomial: UInt32, using random: inout SplitMix64
  ) -> [UInt32] {
    let degree = 31 - polynomial.leadingZeroBitCount
    var m = (1...degree).map { place in
      UInt32(truncatingIfNeeded: random.next() >> UInt64(64 - place)) | 1
    }
    for place in degree..<32 {
      var next = m[place - degree]
      for step in 1...degree where polynomial >> UInt32(degree - step) & 1 == 1 {
        next ^= m[place - step] << UInt32(step)
      }
      m.append(next)
    }
    return m.enumerated().map { $1 << UInt32(31 - $0) }
  }
}

/// The primitive polynomials over two elements by their degree, their coefficients as bits.
private struct PrimitivePolynomials {
  private var last: UInt32 = 2

  /// The next one.
  ///
  /// They are 3 for `x + 1`, 7 for `x² + x + 1`, 11, 13, and so on.
  mutating func next() -> UInt32 {
    repeat { last += 1 } while !Self.isPrimitive(last)
    return last
  }

  /// Whether the powers of `x` modulo the polynomial are all but 0.
  private static func isPrimitive(_ polynomial: UInt32) -> Bool {
    let degree = UInt32(31 - polynomial.leadingZeroBitCount)
    guard polynomial & 1 == 1 else { return false }
    var (power, order): (UInt32, Int) = (1, 0)
    repeat {
      power <<= 1
      if power >> degree & 1 == 1 { power ^= polynomial }
      order += 1
    } while power != 1 && order < 1 << degree
    return order == 1 << degree - 1
  }
}
