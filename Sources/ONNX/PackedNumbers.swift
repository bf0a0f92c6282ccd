#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Numbers in two bytes each or fewer, as they stand in a file.
package struct PackedNumbers: Sendable, Equatable {
  /// How bytes are a number.
  enum Format: Sendable {
    /// float16.
    case half
    /// bfloat16.
    case brain
    /// uint8.
    case byte
    /// int8.
    case signedByte
    /// uint4, two a byte, the lower first.
    case nibble
    /// int4.
    case signedNibble
  }

  /// From how many on numbers are left packed.
  static let least = 1 << 16

  /// As they stand in the file.
  let bytes: Data
  private let format: Format
  /// How many there are.
  package let count: Int

  /// - Precondition: as many bytes as so many numbers take.
  init(_ bytes: Data, _ format: Format, count: Int) {
    let bits =
      switch format {
      case .half, .brain: 16
      case .byte, .signedByte: 8
      case .nibble, .signedNibble: 4
      }
    precondition(
      count >= 0 && bytes.count == (count * bits + 7) / 8, "\(bytes.count) bytes of \(count)")
    (self.bytes, self.format, self.count) = (bytes, format, count)
  }

  /// Writes each as a float32, exactly.
  ///
  /// - Precondition: `floats.count == count`.
  package func unpack(into floats: UnsafeMutableBufferPointer<Float>) {
    precondition(floats.count == count, "unpack: \(count) into \(floats.count)")
    bytes.withUnsafeBytes { bytes in
      func short(_ i: Int) -> UInt16 { bytes.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self) }
      func nibble(_ i: Int) -> UInt8 { bytes[i / 2] >> (i % 2 == 0 ? 0 : 4) & 15 }
      switch format {
      case .half: for i in floats.indices { floats[i] = float(half: short(i)) }
      case .brain: for i in floats.indices { floats[i] = float(brain: short(i)) }
      case .byte: for i in floats.indices { floats[i] = Float(bytes[i]) }
      case .signedByte: for i in floats.indices { floats[i] = Float(Int8(bitPattern: bytes[i])) }
      case .nibble: for i in floats.indices { floats[i] = Float(nibble(i)) }
      case .signedNibble:
        for i in floats.indices { floats[i] = Float(Int8(bitPattern: nibble(i) << 4) >> 4) }
      }
    }
  }

  /// All as float32.
  var floats: [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      unpack(into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    }
  }

  /// All as integers; nil where they are floats.
  var integers: [Int64]? {
    switch format {
    case .half, .brain: nil
    case .byte, .signedByte, .nibble, .signedNibble: floats.map { Int64($0) }
    }
  }
}
