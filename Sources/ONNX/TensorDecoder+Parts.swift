#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

// Kinds of a byte or less.
extension TensorDecoder {
  /// Scalars of 2 or 4 bits, the low bits of a byte first.
  func parts(of bytes: Data, bits: Int, count: Int) -> [UInt8] {
    let (bytes, each) = (Array(bytes), 8 / bits)
    return (0..<count).map { bytes[$0 / each] >> ($0 % each * bits) & (1 << bits - 1) }
  }

  /// An integer in two's complement.
  func signed(_ part: UInt8, bits: Int) -> Int64 {
    let value = Int64(part)
    return value >> (bits - 1) == 0 ? value : value - 1 << bits
  }

  /// Floats of a byte or less, one an entry.
  func shortFloats(_ bits: [UInt8], of type: TensorProto.DataType) -> TensorData.Scalars {
    guard let format = type.shortFloat else { return .floats(bits.map(float(exponent:))) }
    return .floats(bits.map(format.decoded))
  }
}
