#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A small, fast generator of random bits whose every draw follows from its seed.
///
/// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates a generator; equal seeds give equal draws.
  public init(seed: UInt64) {
    state = seed
  }

  /// Leaves out draws.
  fileprivate func skipping(_ count: Int) -> SplitMix64 {
    var later = self
    later.state &+= UInt64(count) &* 0x9E37_79B9_7F4A_7C15
    return later
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Tensor {
  /// Independent normal draws with mean 0.
  ///
  /// Box–Muller, two draws of the generator a pair of values, so that the sequence depends on nothing
  /// but the generator and the count.
  public static func normal<R: RandomNumberGenerator>(
    _ shape: Shape, standardDeviation: Float = 1, using random: inout R
  ) -> Tensor {
    Tensor(shape) { buffer in
      guard let split = random as? SplitMix64 else {
        return fillNormal(buffer, 0..<(buffer.count + 1) / 2, standardDeviation, &random)
      }
      let pairs = (buffer.count + 1) / 2
      guard let later = split.skipping(2 * pairs) as? R else {
        preconditionFailure("normal: a generator that is none of its kind")
      }
      random = later
      ThreadPool.shareElements(pairs, worth: 16) { range in
        var part = split.skipping(2 * range.lowerBound)
        fillNormal(buffer, range, standardDeviation, &part)
      }
    }
  }

  /// Independent uniform draws from a range.
  public static func uniform(
    _ shape: Shape, in range: ClosedRange<Float> = 0...1,
    using random: inout some RandomNumberGenerator
  ) -> Tensor {
    Tensor(shape) { buffer in
      for i in buffer.indices {
        let u = Float(random.next() >> 40) * 0x1p-24
        buffer[i] = range.lowerBound + u * (range.upperBound - range.lowerBound)
      }
    }
  }
}

/// Writes pairs of normal draws.
private func fillNormal(
  _ buffer: UnsafeMutableBufferPointer<Float>, _ pairs: Range<Int>, _ deviation: Float,
  _ random: inout some RandomNumberGenerator
) {
  for i in pairs.lazy.map({ 2 * $0 }) {
    // (0, 1]: the logarithm stays finite.
    let u = (Double(random.next() >> 11) + 1) * 0x1p-53
    let v = Double(random.next() >> 11) * 0x1p-53
    let radius = Double(deviation) * (-2 * log(u)).squareRoot()
    buffer[i] = Float(radius * cos(2 * .pi * v))
    if i + 1 < buffer.count { buffer[i + 1] = Float(radius * sin(2 * .pi * v)) }
  }
}
