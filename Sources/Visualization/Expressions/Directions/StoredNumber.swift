#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// How a number is written in a file.
package struct StoredNumber: Hashable {
  package enum Kind {
    case float, brainFloat, signed, unsigned
  }

  package let kind: Kind
  /// Its bytes: 1, 2, 4 or 8.
  package let width: Int
  /// Whether the byte that counts most comes first.
  package var isBigEndian = false

  /// NumPy's `descr`, such as `<f4`; nil: complex numbers, texts, objects and the like.
  package init?(numPy descriptor: String) {
    guard let order = descriptor.first, "<>|=".contains(order),
      let width = Int(descriptor.dropFirst(2))
    else { return nil }
    switch (descriptor.dropFirst().first, width) {
    case ("f", 2), ("f", 4), ("f", 8): kind = .float
    case ("i", 1), ("i", 2), ("i", 4), ("i", 8): kind = .signed
    case ("u", 1), ("u", 2), ("u", 4), ("u", 8): kind = .unsigned
    default: return nil
    }
    (self.width, isBigEndian) = (width, order == ">")
  }

  /// The `dtype` of safetensors, such as `BF16`; nil: truth values and floats of 8 bits.
  init?(safetensors type: String) {
    switch type {
    case "BF16": (kind, width) = (.brainFloat, 2)
    case "F16", "F32", "F64": (kind, width) = (.float, type == "F16" ? 2 : type == "F32" ? 4 : 8)
    case "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64":
      kind = type.first == "I" ? .signed : .unsigned
      width = (Int(type.dropFirst()) ?? 8) / 8
    default: return nil
    }
  }

  /// The number that begins at a byte.
  package func number(_ bytes: Data, at start: Int) -> Float {
    var bits: UInt64 = 0
    for index in 0..<width {
      let byte = bytes[bytes.startIndex + start + (isBigEndian ? index : width - 1 - index)]
      bits = bits << 8 | UInt64(byte)
    }
    switch (kind, width) {
    case (.brainFloat, _): return Float(bitPattern: UInt32(bits) << 16)
    case (.float, 2): return Self.half(UInt16(bits))
    case (.float, 4): return Float(bitPattern: UInt32(bits))
    case (.float, _): return Float(Double(bitPattern: bits))
    case (.signed, _):
      let unused = UInt64(64 - 8 * width)
      return Float(Int64(bitPattern: bits << unused) >> Int64(unused))
    case (.unsigned, _): return Float(bits)
    }
  }

  /// IEEE 754's numbers of 16 bits.
  private static func half(_ bits: UInt16) -> Float {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
    let size: Float
    switch exponent {
    case 0: size = fraction * 0x1p-24
    case 31: size = fraction == 0 ? .infinity : .nan
    default:
      size = (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
    return bits >> 15 == 0 ? size : -size
  }
}
