import CKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Tensor {
  /// Applies a function to every element; inlined into the caller, so that simple ones vectorize.
  @inlinable @inline(__always)
  public func map(_ transform: (Float) -> Float) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (out, x) = (result.start, start)
    for i in 0..<count { out[i] = transform(x[i]) }
    withExtendedLifetime(self) {}
    return result
  }

  /// `eˣ`, to 2 units in the last place; results below the smallest normal number are 0.
  public func exponential() -> Tensor { map { exponentialApproximation($0) } }

  /// The natural logarithm.
  public func logarithm() -> Tensor { map { log($0) } }

  /// The logistic function `1 / (1 + e⁻ˣ)`.
  public func sigmoid() -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (out, x) = (result.start, start)
    ThreadPool.shareElements(count) { range in
      var sigmoid = kernel_activation(function: KERNEL_SIGMOID, alpha: 0, beta: 0)
      kernel_activate_scalars(
        &sigmoid, x + range.lowerBound, nil, out + range.lowerBound, range.count)
    }
    withExtendedLifetime(self) {}
    return result
  }

  /// The hyperbolic tangent.
  public func hyperbolicTangent() -> Tensor { map { hyperbolicTangentApproximation($0) } }

  /// The arc tangent in radians, to 10⁻⁶.
  public func arctangent() -> Tensor { map { arctangentApproximation($0) } }

  /// The angle of complex numbers in radians, in −π…π: shape (…) from (…, 2), real and imaginary part last.
  public var phases: Tensor {
    precondition(shape.rank > 0 && shape[-1] == 2, "phases: shape \(shape)")
    return Tensor(Shape(shape.dimensions.dropLast())) { out in
      withUnsafeBufferPointer { z in
        for i in out.indices { out[i] = atan2(z[2 * i + 1], z[2 * i]) }
      }
    }
  }

  /// The square root.
  public func squareRoot() -> Tensor { map { $0.squareRoot() } }

  /// The sine of angles in radians.
  public func sine() -> Tensor { map { sin($0) } }

  /// The cosine of angles in radians.
  public func cosine() -> Tensor { map { cos($0) } }

  /// Every element to the same power.
  public func power(_ exponent: Float) -> Tensor { map { pow($0, exponent) } }

  /// The absolute value.
  public func absolute() -> Tensor { map { abs($0) } }

  /// −1, 0 or 1.
  public func sign() -> Tensor { map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 } }
}

/// `eˣ` without a call or a branch, so that loops over it vectorize.
///
/// `x = n ln 2 + r` with `|r| ≤ ln 2 / 2`, and a polynomial in `r`. Source: Moshier, Cephes, `expf`.
@inlinable @inline(__always)
package func exponentialApproximation(_ x: Float) -> Float {
  let (smallest, largest): (Float, Float) = (-87.336544, 88.72283)
  let clamped = x < smallest ? smallest : x > largest ? largest : x
  // Adding 1.5 · 2²³ rounds to an integer, which then stands in the low bits.
  let shifted = clamped * 1.442695 + 12_582_912
  let n = shifted - 12_582_912
  let r = (clamped - n * 0.693359375) + n * 2.1219444e-4
  var p: Float = 1.987569150e-4
  p = p * r + 1.3981999507e-3
  p = p * r + 8.3334519073e-3
  p = p * r + 4.1665795894e-2
  p = p * r + 1.6666665459e-1
  p = p * r + 5.0000001201e-1
  let mantissa = p * (r * r) + r + 1
  // 2ⁿ in two factors: n reaches 128.
  let whole = Int32(bitPattern: shifted.bitPattern) &- 0x4B40_0000
  let half = whole >> 1
  let low = Float(bitPattern: UInt32(bitPattern: (half &+ 127) << 23))
  let high = Float(bitPattern: UInt32(bitPattern: (whole &- half &+ 127) << 23))
  let result = mantissa * low * high
  return x < smallest ? 0 : x > largest ? .infinity : result
}

/// `√x` without a call or a branch, to 1 unit in the last place, for 0 and normal numbers.
///
/// Two steps of Newton's method for `1/√x` from its bits, one for `√x`. The square root of the standard
/// library does not vectorize: it asks for a negative argument first. Source: Lomont, "Fast Inverse
/// Square Root", 2003.
@inlinable @inline(__always)
package func squareRootApproximation(_ x: Float) -> Float {
  var y = Float(bitPattern: 0x5F37_5A86 &- (x.bitPattern >> 1))
  let half = 0.5 * x
  y = y * (1.5 - half * y * y)
  y = y * (1.5 - half * y * y)
  let root = x * y
  return root + 0.5 * y * (x - root * root)
}

/// The hyperbolic tangent without a call or a branch.
///
/// Source: Moshier, Cephes, `tanhf`.
@inlinable @inline(__always)
package func hyperbolicTangentApproximation(_ x: Float) -> Float {
  let z = x * x
  var p: Float = -5.70498872745e-3
  p = p * z + 2.06390887954e-2
  p = p * z - 5.37397155531e-2
  p = p * z + 1.33314422036e-1
  p = p * z - 3.33332819422e-1
  let near = p * z * x + x
  let far = 1 - 2 / (exponentialApproximation(2 * x) + 1)
  return x > -0.625 && x < 0.625 ? near : far
}

/// The arc tangent without a call or a branch, to 10⁻⁶.
///
/// `atan x = π/2 − atan(1/x)` beyond 1, and there a polynomial in x². Source: Moshier, Cephes, `atanf`, with
/// its second reduction at `tan π/8`.
@inlinable @inline(__always)
package func arctangentApproximation(_ x: Float) -> Float {
  let a = x < 0 ? -x : x
  let (isLarge, isMiddle) = (a > 2.414213562373095, a > 0.4142135623730950)
  let numerator: Float = isLarge ? -1 : isMiddle ? a - 1 : a
  let denominator: Float = isLarge ? a : isMiddle ? a + 1 : 1
  let offset: Float = isLarge ? 1.5707963267948966 : isMiddle ? 0.7853981633974483 : 0
  let r = numerator / denominator
  let z = r * r
  var p: Float = 8.05374449538e-2
  p = p * z - 1.38776856032e-1
  p = p * z + 1.99777106478e-1
  p = p * z - 3.33329491539e-1
  let y = offset + (p * z * r + r)
  return x < 0 ? -y : y
}

/// Sine and cosine without a call or a branch, to 10⁻⁶ for angles up to some thousand radians.
///
/// `x = n π/2 + r` with `|r| ≤ π/4`, and a polynomial for each. Source: Moshier, Cephes, `sinf` and `cosf`.
@inlinable @inline(__always)
package func sineAndCosineApproximation(_ x: Float) -> (sine: Float, cosine: Float) {
  // Adding 1.5 · 2²³ rounds to an integer, which then stands in the low bits.
  let shifted = x * 0.6366197723675814 + 12_582_912
  let n = shifted - 12_582_912
  let r = ((x - n * 1.5703125) - n * 4.837512969970703e-4) - n * 7.549789948768648e-8
  let z = r * r
  var s: Float = -1.9515295891e-4
  s = s * z + 8.3321608736e-3
  s = s * z - 1.6666654611e-1
  s = s * z * r + r
  var c: Float = 2.443315711809948e-5
  c = c * z - 1.388731625493765e-3
  c = c * z + 4.166664568298827e-2
  c = c * z * z - 0.5 * z + 1
  let quarter = shifted.bitPattern & 3
  let sine = quarter & 1 == 0 ? s : c
  let cosine = quarter & 1 == 0 ? c : s
  return (
    quarter & 2 == 0 ? sine : -sine, (quarter &+ 1) & 2 == 0 ? cosine : -cosine
  )
}
