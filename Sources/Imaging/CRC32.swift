/// The checksum of PNG chunks: CRC-32 with the reflected polynomial `EDB88320`.
///
/// Source: PNG specification, third edition, annex D.
func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.withUnsafeBufferPointer { bytes in
    table.withUnsafeBufferPointer { table in
      var register: UInt32 = 0xFFFF_FFFF
      for byte in bytes {
        register = table[Int(UInt8(truncatingIfNeeded: register) ^ byte)] ^ (register >> 8)
      }
      return ~register
    }
  }
}

private let table: [UInt32] = (0..<256).map { index in
  (0..<8).reduce(UInt32(index)) { value, _ in
    value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
  }
}
