import CKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One factor of a Fourier transform: butterflies of one radix over the whole sequence.
///
/// For `p < m = length / radix` and `q < stride` it reads `x[q + stride (p + k m)]`, `k < radix`,
/// transforms these `radix` numbers, multiplies by `w^(pk)`, `w = e^(−2πi/length)`, and writes to
/// `y[q + stride (radix p + k)]`.
struct FourierStage: Sendable {
  private let radix: Int
  private let count: Int
  private let stride: Int
  /// Pairs of real and imaginary parts.
  private let twiddles: [Float]
  private let roots: [Float]

  init(radix: Int, length: Int, stride: Int) {
    self.radix = radix
    self.stride = stride
    count = length / radix
    twiddles = (0..<count * radix).flatMap { Self.root($0 / radix * ($0 % radix), of: length) }
    roots = (0..<radix).flatMap { Self.root($0, of: radix) }
  }

  private static func root(_ k: Int, of n: Int) -> [Float] {
    let angle = -2 * Double.pi * Double(k % n) / Double(n)
    return [Float(cos(angle)), Float(sin(angle))]
  }

  func run(
    from re: FourierVectors, _ im: FourierVectors, to outRe: FourierVectors, _ outIm: FourierVectors
  ) {
    twiddles.withUnsafeBufferPointer { twiddles in
      roots.withUnsafeBufferPointer { roots in
        var stage = kernel_fourier_stage(
          radix: Int32(radix), count: Int32(count), stride: Int32(stride),
          twiddles: twiddles.baseAddress, roots: roots.baseAddress, re: floats(re), im: floats(im),
          out_re: floats(outRe), out_im: floats(outIm))
        kernel_fourier_stage_run(&stage)
      }
    }
  }

  private func floats(_ vectors: FourierVectors) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(vectors).assumingMemoryBound(to: Float.self)
  }
}
