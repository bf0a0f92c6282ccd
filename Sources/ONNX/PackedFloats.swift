#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Floats in two bytes each, as they stand in a file.
package struct PackedFloats: Sendable, Equatable {
  /// How two bytes are a float.
  enum Format: Sendable {
    /// float16.
    case half
    /// bfloat16.
    case brain
  }

  /// From how many on floats are left packed.
  static let least = 1 << 16

  private let bytes: Data
  private let format: Format

  init(_ bytes: Data, _ format: Format) { (self.bytes, self.format) = (bytes, format) }

  /// How many there are.
  package var count: Int { bytes.count / 2 }

  /// Writes each as a float32, exactly.
  ///
  /// - Precondition: `floats.count == count`.
  package func unpack(into floats: UnsafeMutableBufferPointer<Float>) {
    precondition(floats.count == count, "unpack: \(count) into \(floats.count)")
    bytes.withUnsafeBytes { bytes in
      switch format {
      case .half: Self.unpack(bytes, into: floats, float(half:))
      case .brain: Self.unpack(bytes, into: floats, float(brain:))
      }
    }
  }

  @inline(__always) private static func unpack(
    _ bytes: UnsafeRawBufferPointer, into floats: UnsafeMutableBufferPointer<Float>,
    _ float: (UInt16) -> Float
  ) {
    for i in floats.indices {
      floats[i] = float(bytes.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))
    }
  }

  /// All as float32.
  var floats: [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      unpack(into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    }
  }
}
