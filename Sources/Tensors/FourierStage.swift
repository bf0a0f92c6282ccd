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
  private let twiddles: [(real: Float, imaginary: Float)]
  private let roots: [(real: Float, imaginary: Float)]

  init(radix: Int, length: Int, stride: Int) {
    self.radix = radix
    self.stride = stride
    count = length / radix
    twiddles = (0..<count * radix).map { i in Self.root(i / radix * (i % radix), of: length) }
    roots = (0..<radix).map { Self.root($0, of: radix) }
  }

  private static func root(_ k: Int, of n: Int) -> (real: Float, imaginary: Float) {
    let angle = -2 * Double.pi * Double(k % n) / Double(n)
    return (Float(cos(angle)), Float(sin(angle)))
  }

  func run(
    from re: FourierVectors, _ im: FourierVectors, to outRe: FourierVectors, _ outIm: FourierVectors
  ) {
    let x = ComplexVectors(re: re, im: im)
    let y = ComplexVectors(re: outRe, im: outIm)
    switch radix {
    case 2: radix2(x, y)
    case 3: radix3(x, y)
    case 4: radix4(x, y)
    case 5: radix5(x, y)
    case 7: radix7(x, y)
    default: radixOdd(x, y)
    }
  }

  private func radix2(_ x: ComplexVectors, _ y: ComplexVectors) {
    let half = stride * count
    for p in 0..<count {
      let w = twiddles[2 * p + 1]
      let (from, to) = (stride * p, stride * 2 * p)
      for q in 0..<stride {
        let (a, b) = (x[from + q], x[from + half + q])
        y[to + q] = a + b
        y[to + stride + q] = (a - b) * w
      }
    }
  }

  private func radix3(_ x: ComplexVectors, _ y: ComplexVectors) {
    let step = stride * count
    let s = roots[2].imaginary
    for p in 0..<count {
      let (w1, w2) = (twiddles[3 * p + 1], twiddles[3 * p + 2])
      let (from, to) = (stride * p, stride * 3 * p)
      for q in 0..<stride {
        let a = x[from + q]
        let (b, c) = (x[from + step + q], x[from + 2 * step + q])
        let sum = b + c
        let middle = a - sum.scaled(0.5)
        let turned = (b - c).scaled(s)
        y[to + q] = a + sum
        y[to + stride + q] = middle.minusI(turned) * w1
        y[to + 2 * stride + q] = middle.plusI(turned) * w2
      }
    }
  }

  private func radix4(_ x: ComplexVectors, _ y: ComplexVectors) {
    let step = stride * count
    for p in 0..<count {
      let (w1, w2, w3) = (twiddles[4 * p + 1], twiddles[4 * p + 2], twiddles[4 * p + 3])
      let (from, to) = (stride * p, stride * 4 * p)
      for q in 0..<stride {
        let (a, b) = (x[from + q], x[from + step + q])
        let (c, d) = (x[from + 2 * step + q], x[from + 3 * step + q])
        let (even, odd) = (a + c, b + d)
        let (left, right) = (a - c, b - d)
        y[to + q] = even + odd
        y[to + stride + q] = left.minusI(right) * w1
        y[to + 2 * stride + q] = (even - odd) * w2
        y[to + 3 * stride + q] = left.plusI(right) * w3
      }
    }
  }

  private func radix5(_ x: ComplexVectors, _ y: ComplexVectors) {
    let step = stride * count
    let (c1, c2) = (roots[1].real, roots[2].real)
    let (s1, s2) = (-roots[1].imaginary, -roots[2].imaginary)
    for p in 0..<count {
      let w = 5 * p
      let (from, to) = (stride * p, stride * 5 * p)
      for q in 0..<stride {
        let at = from + q
        let a = x[at]
        let (b1, b4) = (x[at + step], x[at + 4 * step])
        let (b2, b3) = (x[at + 2 * step], x[at + 3 * step])
        let (sum1, sum2) = (b1 + b4, b2 + b3)
        let (difference1, difference2) = (b1 - b4, b2 - b3)
        let r1 = a + sum1.scaled(c1) + sum2.scaled(c2)
        let r2 = a + sum1.scaled(c2) + sum2.scaled(c1)
        let i1 = difference1.scaled(s1) + difference2.scaled(s2)
        let i2 = difference1.scaled(s2) - difference2.scaled(s1)
        let out = to + q
        y[out] = a + sum1 + sum2
        y[out + stride] = r1.minusI(i1) * twiddles[w + 1]
        y[out + 2 * stride] = r2.minusI(i2) * twiddles[w + 2]
        y[out + 3 * stride] = r2.plusI(i2) * twiddles[w + 3]
        y[out + 4 * stride] = r1.plusI(i1) * twiddles[w + 4]
      }
    }
  }

  private func radix7(_ x: ComplexVectors, _ y: ComplexVectors) {
    let step = stride * count
    let (c1, c2, c3) = (roots[1].real, roots[2].real, roots[3].real)
    let (s1, s2, s3) = (-roots[1].imaginary, -roots[2].imaginary, -roots[3].imaginary)
    for p in 0..<count {
      let w = 7 * p
      let (from, to) = (stride * p, stride * 7 * p)
      for q in 0..<stride {
        let at = from + q
        let a = x[at]
        let (sum1, difference1) = x.pair(at + step, at + 6 * step)
        let (sum2, difference2) = x.pair(at + 2 * step, at + 5 * step)
        let (sum3, difference3) = x.pair(at + 3 * step, at + 4 * step)
        let out = to + q
        y[out] = a + sum1 + sum2 + sum3
        let r1 = a + sum1.scaled(c1) + sum2.scaled(c2) + sum3.scaled(c3)
        let i1 = difference1.scaled(s1) + difference2.scaled(s2) + difference3.scaled(s3)
        y[out + stride] = r1.minusI(i1) * twiddles[w + 1]
        y[out + 6 * stride] = r1.plusI(i1) * twiddles[w + 6]
        let r2 = a + sum1.scaled(c2) + sum2.scaled(c3) + sum3.scaled(c1)
        let i2 = difference1.scaled(s2) - difference2.scaled(s3) - difference3.scaled(s1)
        y[out + 2 * stride] = r2.minusI(i2) * twiddles[w + 2]
        y[out + 5 * stride] = r2.plusI(i2) * twiddles[w + 5]
        let r3 = a + sum1.scaled(c3) + sum2.scaled(c1) + sum3.scaled(c2)
        let i3 = difference1.scaled(s3) - difference2.scaled(s1) + difference3.scaled(s2)
        y[out + 3 * stride] = r3.minusI(i3) * twiddles[w + 3]
        y[out + 4 * stride] = r3.plusI(i3) * twiddles[w + 4]
      }
    }
  }

  /// Any odd radix, straight from the definition.
  private func radixOdd(_ x: ComplexVectors, _ y: ComplexVectors) {
    let step = stride * count
    for p in 0..<count {
      for q in 0..<stride {
        for k in 0..<radix {
          var sum = x[stride * p + q]
          for j in 1..<radix { sum = sum + x[stride * p + q + j * step] * roots[j * k % radix] }
          y[stride * (radix * p + k) + q] = sum * twiddles[radix * p + k]
        }
      }
    }
  }
}

/// Four complex numbers.
private struct Complex4 {
  var re, im: SIMD4<Float>

  @inline(__always) static func + (a: Complex4, b: Complex4) -> Complex4 {
    Complex4(re: a.re + b.re, im: a.im + b.im)
  }

  @inline(__always) static func - (a: Complex4, b: Complex4) -> Complex4 {
    Complex4(re: a.re - b.re, im: a.im - b.im)
  }

  @inline(__always)
  static func * (a: Complex4, w: (real: Float, imaginary: Float)) -> Complex4 {
    let (real, imaginary) = (SIMD4(repeating: w.real), SIMD4(repeating: w.imaginary))
    return Complex4(
      re: a.re * real - a.im * imaginary, im: a.re * imaginary + a.im * real)
  }

  @inline(__always) func scaled(_ factor: Float) -> Complex4 {
    let factor = SIMD4(repeating: factor)
    return Complex4(re: re * factor, im: im * factor)
  }

  /// `self − i b`.
  @inline(__always) func minusI(_ b: Complex4) -> Complex4 {
    Complex4(re: re + b.im, im: im - b.re)
  }

  /// `self + i b`.
  @inline(__always) func plusI(_ b: Complex4) -> Complex4 {
    Complex4(re: re - b.im, im: im + b.re)
  }
}

private struct ComplexVectors {
  let re, im: FourierVectors

  @inline(__always) subscript(i: Int) -> Complex4 {
    get { Complex4(re: re[i], im: im[i]) }
    nonmutating set {
      re[i] = newValue.re
      im[i] = newValue.im
    }
  }

  @inline(__always) func pair(_ i: Int, _ j: Int) -> (sum: Complex4, difference: Complex4) {
    (self[i] + self[j], self[i] - self[j])
  }
}
