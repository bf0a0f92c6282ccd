#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// Collects the fields of messages; what is as it would be without being said is left out.
package struct WireWriter {
  /// What was written.
  private(set) var bytes = Data()

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func tag(_ field: Int, _ kind: UInt64) { varint(UInt64(field) << 3 | kind) }

  private mutating func slice(_ field: Int, _ content: some Collection<UInt8>) {
    tag(field, 2)
    varint(UInt64(content.count))
    bytes.append(contentsOf: content)
  }

  // MARK: Single values

  package mutating func write(_ value: some FixedWidthInteger, _ field: Int) {
    if value != 0 { write(said: value, field) }
  }

  /// Writes a number, 0 also.
  package mutating func write(said value: some FixedWidthInteger, _ field: Int) {
    tag(field, 0)
    varint(UInt64(truncatingIfNeeded: value))
  }

  package mutating func write(_ value: Float?, _ field: Int) {
    guard let value else { return }
    tag(field, 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  package mutating func write(_ text: String, _ field: Int) {
    if !text.isEmpty { slice(field, text.utf8) }
  }

  package mutating func write(_ data: Data, _ field: Int) {
    if !data.isEmpty { slice(field, data) }
  }

  /// Writes a message, an empty one also.
  package mutating func write(_ message: some WireMessage, _ field: Int) {
    var inner = WireWriter()
    message.write(to: &inner)
    slice(field, inner.bytes)
  }

  // MARK: Lists

  package mutating func write(_ texts: [String], _ field: Int) {
    for text in texts { slice(field, text.utf8) }
  }

  package mutating func write(_ list: [Data], _ field: Int) {
    for data in list { slice(field, data) }
  }

  package mutating func write(_ messages: [some WireMessage], _ field: Int) {
    for message in messages { write(message, field) }
  }

  /// Writes whole numbers, many in one field.
  package mutating func write(_ values: [some FixedWidthInteger], _ field: Int) {
    guard !values.isEmpty else { return }
    var inner = WireWriter()
    for value in values { inner.varint(UInt64(truncatingIfNeeded: value)) }
    slice(field, inner.bytes)
  }

  /// Writes numbers of a fixed width, many in one field.
  package mutating func write(
    _ values: [some BinaryFloatingPoint & BitwiseCopyable], _ field: Int
  ) {
    guard !values.isEmpty else { return }
    values.withUnsafeBytes { slice(field, $0) }
  }
}
