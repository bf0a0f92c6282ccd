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
  /// but the generator and the count. What follows from the draws is shared out among the threads of
  /// `ThreadPool.current`.
  public static func normal(
    _ shape: Shape, standardDeviation: Float = 1,
    using random: inout some RandomNumberGenerator
  ) -> Tensor {
    let (pairs, length) = ((shape.count + 1) / 2, 1 << 16)
    return Tensor(shape) { buffer in
      for start in stride(from: 0, to: pairs, by: length) {
        let count = min(length, pairs - start)
        let draws = (0..<2 * count).map { _ in random.next() >> 11 }
        ThreadPool.shareElements(count, worth: 16) { part in
          for pair in part {
            // (0, 1]: the logarithm stays finite.
            let u = (Double(draws[2 * pair]) + 1) * 0x1p-53
            let v = Double(draws[2 * pair + 1]) * 0x1p-53
            let radius = Double(standardDeviation) * (-2 * log(u)).squareRoot()
            let i = 2 * (start + pair)
            buffer[i] = Float(radius * cos(2 * .pi * v))
            if i + 1 < buffer.count { buffer[i + 1] = Float(radius * sin(2 * .pi * v)) }
          }
        }
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
