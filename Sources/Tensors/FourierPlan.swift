import Contracts
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The discrete Fourier transform of one length, of four sequences at a time, one a SIMD lane.
///
/// `X[k] = Σₙ x[n] e^(−2πi kn/N)`, unscaled. Mixed radix after Stockham (no bit reversal) for lengths
/// whose prime factors are at most 13; Bluestein's convolution for all others.
/// Sources: Van Loan, "Computational Frameworks for the Fast Fourier Transform", 1992; Bluestein, 1970.
final class FourierPlan: Sendable {
  /// The number of elements of a sequence.
  let length: Int

  /// The vectors of scratch space that `transform` needs.
  let scratchCount: Int

  private let stages: [FourierStage]
  private let bluestein: BluesteinPlan?

  private init(length: Int) {
    self.length = length
    var factors: [Int] = []
    var rest = length
    // 4 first: the later a stage, the wider its vectors, and the others have more to do.
    for radix in [4, 2, 3, 5, 7, 11, 13] {
      while rest % radix == 0 {
        factors.append(radix)
        rest /= radix
      }
    }
    if rest == 1 {
      var (n, s) = (length, 1)
      stages = factors.map { radix in
        defer { (n, s) = (n / radix, s * radix) }
        return FourierStage(radix: radix, length: n, stride: s)
      }
      bluestein = nil
      scratchCount = 2 * length
    } else {
      stages = []
      let convolution = BluesteinPlan(length: length)
      bluestein = convolution
      scratchCount = convolution.scratchCount
    }
  }

  /// Transforms four sequences in place.
  ///
  /// The inverse transform, unscaled, is the same call with `real` and `imaginary` exchanged.
  ///
  /// - Parameters:
  ///   - real: `length` vectors.
  ///   - imaginary: `length` vectors.
  ///   - scratch: `scratchCount` vectors.
  func transform(_ real: FourierVectors, _ imaginary: FourierVectors, scratch: FourierVectors) {
    if let bluestein {
      bluestein.transform(real, imaginary, scratch: scratch)
      return
    }
    var source = (real, imaginary)
    var target = (scratch, scratch + length)
    for stage in stages {
      stage.run(from: source.0, source.1, to: target.0, target.1)
      swap(&source, &target)
    }
    if source.0 != real {
      real.update(from: source.0, count: length)
      imaginary.update(from: source.1, count: length)
    }
  }

  private static let cache = Mutex<[Int: FourierPlan]>([:])

  /// The plan for a length, made at the first request.
  static func plan(length: Int) -> FourierPlan {
    precondition(length > 0, "FourierPlan: length \(length)")
    if let plan = cache.withLock({ $0[length] }) { return plan }
    let plan = FourierPlan(length: length)
    cache.withLock { $0[length] = plan }
    return plan
  }
}

/// Memory of the four sequences, element by element.
typealias FourierVectors = UnsafeMutablePointer<SIMD4<Float>>

/// Bluestein's way to a transform of any length: a convolution with a chirp, of a length 2ᵏ.
///
/// With `kn = (k² + n² − (k − n)²) / 2`: `X[k] = c[k] Σₙ x[n] c[n] c̄[k − n]`, `c[n] = e^(−πi n²/N)`.
private final class BluesteinPlan: Sendable {
  let length: Int
  let scratchCount: Int
  private let inner: FourierPlan
  private let chirp: [(real: Float, imaginary: Float)]
  private let kernel: [(real: Float, imaginary: Float)]

  init(length: Int) {
    self.length = length
    var size = 1
    while size < 2 * length - 1 { size *= 2 }
    let inner = FourierPlan.plan(length: size)
    self.inner = inner
    scratchCount = 2 * size + inner.scratchCount
    let chirp = (0..<length).map { n in
      // n² is reduced modulo 2N: the angle stays small and exact.
      let angle = -Double.pi * Double(n * n % (2 * length)) / Double(length)
      return (real: Float(cos(angle)), imaginary: Float(sin(angle)))
    }
    self.chirp = chirp
    var values = [SIMD4<Float>](repeating: SIMD4(), count: 2 * size)
    for n in 0..<length {
      for place in [n, (size - n) % size] {
        values[place] = SIMD4(repeating: chirp[n].real / Float(size))
        values[size + place] = SIMD4(repeating: -chirp[n].imaginary / Float(size))
      }
    }
    var scratch = [SIMD4<Float>](repeating: SIMD4(), count: inner.scratchCount)
    kernel = values.withUnsafeMutableBufferPointer { values in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let values = values.baseAddress, let scratch = scratch.baseAddress else { return [] }
        inner.transform(values, values + size, scratch: scratch)
        return (0..<size).map { (real: values[$0].x, imaginary: values[size + $0].x) }
      }
    }
  }

  func transform(_ real: FourierVectors, _ imaginary: FourierVectors, scratch: FourierVectors) {
    let size = inner.length
    let (re, im, rest) = (scratch, scratch + size, scratch + 2 * size)
    for n in 0..<length {
      let c = chirp[n]
      let (a, b) = (real[n], imaginary[n])
      re[n] = a * c.real - b * c.imaginary
      im[n] = a * c.imaginary + b * c.real
    }
    for n in length..<size { (re[n], im[n]) = (SIMD4(), SIMD4()) }
    inner.transform(re, im, scratch: rest)
    for n in 0..<size {
      let (k, a, b) = (kernel[n], re[n], im[n])
      re[n] = a * k.real - b * k.imaginary
      im[n] = a * k.imaginary + b * k.real
    }
    inner.transform(im, re, scratch: rest)
    for n in 0..<length {
      let c = chirp[n]
      let (a, b) = (re[n], im[n])
      real[n] = a * c.real - b * c.imaginary
      imaginary[n] = a * c.imaginary + b * c.real
    }
  }
}
