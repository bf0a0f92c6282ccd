/// A floating-point format of a byte or less, as ONNX defines them: 1 sign, some exponent and mantissa bits.
package struct ShortFloat: Sendable, Hashable {
  /// Bits behind the leading one.
  let mantissa: Int
  /// The exponent of the smallest normal number.
  let smallest: Int
  /// The largest number.
  package let largest: Float
  /// What the bits of an exponent of all ones mean, and of the negative zero.
  let special: Special
  /// Bits of all.
  let width: Int

  enum Special: Sendable, Hashable {
    /// Infinities and NaNs, as in IEEE 754.
    case infinities
    /// NaN where all other bits are ones.
    case oneNaN
    /// NaN in place of the negative zero.
    case zeroNaN
    /// Nothing but numbers.
    case none
  }

  package static let e4m3FN = ShortFloat(
    mantissa: 3, smallest: -6, largest: 448, special: .oneNaN, width: 8)
  package static let e4m3FNUZ = ShortFloat(
    mantissa: 3, smallest: -7, largest: 240, special: .zeroNaN, width: 8)
  package static let e5m2 = ShortFloat(
    mantissa: 2, smallest: -14, largest: 57344, special: .infinities, width: 8)
  package static let e5m2FNUZ = ShortFloat(
    mantissa: 2, smallest: -15, largest: 57344, special: .zeroNaN, width: 8)
  package static let e2m1 = ShortFloat(
    mantissa: 1, smallest: 0, largest: 6, special: .none, width: 4)

  /// The number that some bits mean.
  package func decoded(_ bits: UInt8) -> Float {
    let isNegative = bits >> (width - 1) != 0
    let magnitude = Int(bits & (1 << (width - 1) - 1))
    let (exponent, rest) = (magnitude >> mantissa, magnitude & (1 << mantissa - 1))
    let highest = (1 << (width - 1 - mantissa)) - 1
    switch special {
    case .infinities where exponent == highest:
      return rest == 0 ? (isNegative ? -.infinity : .infinity) : .nan
    case .oneNaN where magnitude == 1 << (width - 1) - 1: return .nan
    case .zeroNaN where isNegative && magnitude == 0: return .nan
    default: break
    }
    // Without a leading one below the smallest normal number.
    let whole = exponent == 0 ? rest : rest + 1 << mantissa
    let value = Float(
      sign: .plus, exponent: smallest + max(exponent, 1) - 1 - mantissa, significand: Float(whole))
    return isNegative ? -value : value
  }

  /// The nearest number of the format, of two the even one.
  ///
  /// - Parameters:
  ///   - x: Any number.
  ///   - saturates: Whether what is too large becomes the largest; else an infinity or, where there is none, NaN.
  /// - Returns: A number of the format.
  package func rounded(_ x: Float, saturates: Bool) -> Float {
    if x.isNaN { return special == .none ? 0 : .nan }
    let bounded = abs(x)
    if bounded < .infinity {
      let exponent = max(smallest, bounded == 0 ? smallest : Int(bounded.exponent))
      let step = Float(sign: .plus, exponent: exponent - mantissa, significand: 1)
      let nearest = (bounded / step).rounded(.toNearestOrEven) * step
      if nearest <= largest { return x < 0 ? -nearest : nearest }
    }
    if saturates || special == .none { return x < 0 ? -largest : largest }
    guard special == .infinities else { return .nan }
    return x < 0 ? -.infinity : .infinity
  }
}

extension TensorProto.DataType {
  /// The format of floats of a byte or less; nil for all other kinds, also for those that are an exponent alone.
  package var shortFloat: ShortFloat? {
    switch self {
    case .float8E4M3Fn: .e4m3FN
    case .float8E4M3Fnuz: .e4m3FNUZ
    case .float8E5M2: .e5m2
    case .float8E5M2Fnuz: .e5m2FNUZ
    case .float4E2M1: .e2m1
    default: nil
    }
  }
}

/// The power of two that eight bits of an exponent mean; NaN where all are ones.
func float(exponent bits: UInt8) -> Float {
  bits == .max ? .nan : Float(sign: .plus, exponent: Int(bits) - 127, significand: 1)
}
