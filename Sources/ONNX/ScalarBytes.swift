#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads little-endian integers one after the other and turns each into a scalar.
///
/// For float32 on a little-endian machine the loop compiles to a plain copy.
@inline(__always)
func load<Bits: FixedWidthInteger, Scalar>(
  _ bytes: Data, _ scalar: (Bits) -> Scalar
) -> [Scalar] {
  let width = MemoryLayout<Bits>.size
  let count = bytes.count / width
  return bytes.withUnsafeBytes { source in
    [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      for i in 0..<count {
        let bits = source.loadUnaligned(fromByteOffset: i &* width, as: Bits.self)
        buffer.initializeElement(at: i, to: scalar(Bits(littleEndian: bits)))
      }
      initialized = count
    }
  }
}

/// The value of the bits of an IEEE 754 half: 1 sign, 5 exponent, 10 mantissa.
func float(half bits: UInt16) -> Float {
  let magnitude = UInt32(bits & 0x7FFF)
  let sign = UInt32(bits & 0x8000) << 16
  // Infinity and NaN keep an exponent of all ones; everything else, subnormals too, is the bits
  // shifted into place times the ratio of the two exponent biases, 2^(127 - 15), which is exact.
  let value =
    magnitude >= 0x7C00
    ? Float(bitPattern: 0x7F80_0000 | magnitude << 13)
    : Float(bitPattern: magnitude << 13) * 0x1p112
  return Float(bitPattern: value.bitPattern | sign)
}

/// The value of the bits of a bfloat16: the upper half of a float32.
func float(brain bits: UInt16) -> Float {
  Float(bitPattern: UInt32(bits) << 16)
}
