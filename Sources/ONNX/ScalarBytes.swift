#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if _endian(big)
  #error("Files are little-endian, and their bytes are copied as they are.")
#endif

/// The scalars whose bytes these are; a plain copy.
func copiedScalars<Scalar: BitwiseCopyable>(of bytes: Data, as type: Scalar.Type) -> [Scalar] {
  let count = bytes.count / MemoryLayout<Scalar>.size
  return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
    initialized = bytes.copyBytes(to: buffer) / MemoryLayout<Scalar>.size
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
