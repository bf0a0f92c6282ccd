#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

// From scalars back to the bytes of the kind that they were decoded from.
extension TensorProto.DataType {
  /// Bytes of floating-point numbers, each the nearest of this kind; of a kind that is no floating point, float32.
  func bytes(of values: [Float]) -> Data {
    switch self {
    case .double: copiedBytes(of: values.map { Double($0) })
    case .float16: copiedBytes(of: values.map(halfBits))
    case .bfloat16: copiedBytes(of: values.map(brainBits))
    case .float8E8M0: Data(values.map(exponentBits))
    default:
      shortFloat.map { joined($0.encoded(values), bits: $0.width) } ?? copiedBytes(of: values)
    }
  }

  /// Bytes of whole numbers and Booleans; of those too large for this kind their low bits.
  func bytes(of values: [Int64]) -> Data {
    switch self {
    case .int2, .uint2: joined(values.map { UInt8(truncatingIfNeeded: $0) }, bits: 2)
    case .int4, .uint4: joined(values.map { UInt8(truncatingIfNeeded: $0) }, bits: 4)
    case .bool, .int8, .uint8: Data(values.map { UInt8(truncatingIfNeeded: $0) })
    case .int16, .uint16: copiedBytes(of: values.map { UInt16(truncatingIfNeeded: $0) })
    case .int32, .uint32: copiedBytes(of: values.map { UInt32(truncatingIfNeeded: $0) })
    default: copiedBytes(of: values)
    }
  }
}

/// Parts of so many bits, the low bits of a byte first.
private func joined(_ parts: [UInt8], bits: Int) -> Data {
  let each = 8 / bits
  var bytes = Data(count: (parts.count + each - 1) / each)
  for (i, part) in parts.enumerated() {
    bytes[i / each] |= (part & UInt8((1 << bits) - 1)) << (i % each * bits)
  }
  return bytes
}

/// The bits of the nearest half, of two the even one; an infinity beyond the largest.
private func halfBits(_ x: Float) -> UInt16 {
  let sign = UInt16(truncatingIfNeeded: x.bitPattern >> 16) & 0x8000
  if x.isNaN { return sign | 0x7E00 }
  // Below the smallest normal one halves are multiples of 2^-24; the ratio below would round these twice.
  if x.magnitude < 0x1p-14 {
    return sign | UInt16((x.magnitude * 0x1p24).rounded(.toNearestOrEven))
  }
  // The ratio of the two exponents' biases, 2^(15 - 127), after which the bits stand as those of a half do.
  let bits = (x.magnitude * 0x1p-112).bitPattern
  return sign | UInt16(min((bits + 0xFFF + bits >> 13 & 1) >> 13, 0x7C00))
}

/// The bits of the nearest bfloat16, of two the even one.
private func brainBits(_ x: Float) -> UInt16 {
  let bits = x.bitPattern
  return UInt16((x.isNaN ? bits : bits + 0x7FFF + bits >> 16 & 1) >> 16)
}

/// The bits of an exponent alone.
private func exponentBits(_ x: Float) -> UInt8 {
  x.isNaN ? .max : x.isFinite ? UInt8(max(0, min(254, x.magnitude.exponent + 127))) : 254
}

extension ShortFloat {
  /// The bits of the nearest of each.
  fileprivate func encoded(_ values: [Float]) -> [UInt8] {
    let all = (0..<1 << width).map { UInt8($0) }
    let codes = Dictionary(all.map { (decoded($0), $0) }, uniquingKeysWith: { first, _ in first })
    let none = all.first { decoded($0).isNaN } ?? 0
    let negativeZero = all.first { decoded($0) == 0 && decoded($0).sign == .minus }
    return values.map { value in
      let nearest = rounded(value, saturates: false)
      if nearest == 0, value.sign == .minus { return negativeZero ?? 0 }
      return codes[nearest] ?? none
    }
  }
}

/// The bytes of these scalars; a plain copy, as on reading.
private func copiedBytes(of scalars: [some BitwiseCopyable]) -> Data {
  scalars.withUnsafeBytes { Data($0) }
}
