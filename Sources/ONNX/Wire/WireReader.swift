#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// Goes through the fields of messages; nothing is allocated on the word of a length alone.
///
/// A field of another wire type than is due is skipped, as is one that nobody asks for.
package struct WireReader {
  /// How a value stands there.
  private enum Kind: UInt8 {
    case varint = 0
    case fixed64
    case bytes
    case groupStart
    case groupEnd
    case fixed32
  }

  /// The most messages within each other.
  package static let deepest = 100

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var end: Int
  private var depth = 0
  private var kind = Kind.varint
  private var field = 0

  /// Starts at the first field.
  ///
  /// - Parameter bytes: They have to stay there as long as the reader is used.
  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    end = bytes.count
  }

  /// Takes all fields up to the end of the message.
  mutating func readFields(of message: inout some WireMessage) throws(WireError) {
    while position < end {
      try readTag()
      try message.read(field, from: &self)
    }
  }

  private mutating func readTag() throws(WireError) {
    let tag = try varint()
    guard let kind = Kind(rawValue: UInt8(tag & 7)), 1..<(1 << 29) ~= tag >> 3 else {
      throw .malformed
    }
    (field, self.kind) = (Int(tag >> 3), kind)
  }

  /// Passes a field's value by.
  package mutating func skip() throws(WireError) {
    switch kind {
    case .varint: _ = try varint()
    case .fixed64: try advance(by: 8)
    case .fixed32: try advance(by: 4)
    case .bytes: try advance(by: length())
    case .groupStart: try skipGroup()
    case .groupEnd: throw .malformed
    }
  }

  private mutating func skipGroup() throws(WireError) {
    let number = field
    try descend()
    while true {
      try readTag()
      if kind == .groupEnd { break }
      try skip()
    }
    guard field == number else { throw .malformed }
    depth -= 1
  }

  private mutating func descend() throws(WireError) {
    guard depth < Self.deepest else { throw .tooDeep }
    depth += 1
  }

  private mutating func advance(by count: Int) throws(WireError) {
    guard count <= end - position else { throw .truncated }
    position += count
  }

  /// Seven bits a byte, the lowest first; of the tenth byte one bit counts.
  private mutating func varint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard position < end else { throw .truncated }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw .malformed
  }

  private mutating func length() throws(WireError) -> Int {
    let length = try varint()
    guard length <= UInt64(end - position) else { throw .truncated }
    return Int(length)
  }

  /// A value's bytes; nil where it has none, and is skipped.
  private mutating func slice() throws(WireError) -> UnsafeRawBufferPointer? {
    guard kind == .bytes else {
      try skip()
      return nil
    }
    let count = try length()
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  // MARK: Single values

  package mutating func read(_ value: inout Int64) throws(WireError) {
    if kind == .varint { value = Int64(bitPattern: try varint()) } else { try skip() }
  }

  package mutating func read(_ value: inout Int32) throws(WireError) {
    var wide: Int64 = .init(value)
    try read(&wide)
    value = Int32(truncatingIfNeeded: wide)
  }

  package mutating func read(_ value: inout Float?) throws(WireError) {
    guard kind == .fixed32 else { return try skip() }
    let start = position
    try advance(by: 4)
    value = bytes.loadUnaligned(fromByteOffset: start, as: Float.self)
  }

  package mutating func read(_ value: inout String) throws(WireError) {
    guard let slice = try slice() else { return }
    guard let text = String(validating: slice, as: UTF8.self) else { throw .notText }
    value = text
  }

  package mutating func read(_ value: inout Data) throws(WireError) {
    if let slice = try slice() { value = Data(slice) }
  }

  package mutating func read(_ message: inout some WireMessage) throws(WireError) {
    guard kind == .bytes else { return try skip() }
    let count = try length()
    let outer = end
    try descend()
    end = position + count
    try readFields(of: &message)
    end = outer
    depth -= 1
  }

  /// Takes a message of which there is one at most: two are one, as the format wants it.
  package mutating func readOne<Message: WireMessage>(
    _ message: inout [Message]
  ) throws(WireError) {
    guard kind == .bytes else { return try skip() }
    if message.isEmpty { message.append(Message()) }
    try read(&message[0])
  }

  // MARK: Lists

  package mutating func read(_ values: inout [String]) throws(WireError) {
    guard kind == .bytes else { return try skip() }
    var value = ""
    try read(&value)
    values.append(value)
  }

  package mutating func read(_ values: inout [Data]) throws(WireError) {
    if let slice = try slice() { values.append(Data(slice)) }
  }

  package mutating func read<Message: WireMessage>(
    _ messages: inout [Message]
  ) throws(WireError) {
    guard kind == .bytes else { return try skip() }
    var message = Message()
    try read(&message)
    messages.append(message)
  }

  /// Whole numbers, one a field or many in one.
  package mutating func read<Number: FixedWidthInteger>(
    _ values: inout [Number]
  ) throws(WireError) {
    switch kind {
    case .varint: values.append(Number(truncatingIfNeeded: try varint()))
    case .bytes:
      let count = try length()
      let outer = end
      end = position + count
      while position < end { values.append(Number(truncatingIfNeeded: try varint())) }
      end = outer
    default: try skip()
    }
  }

  /// Numbers of a fixed width, one a field or many in one.
  package mutating func read<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _ values: inout [Number]
  ) throws(WireError) {
    let width = MemoryLayout<Number>.size
    guard kind == .bytes || kind == (width == 4 ? .fixed32 : .fixed64) else { return try skip() }
    let count = kind == .bytes ? try length() : width
    guard count.isMultiple(of: width) else { throw .malformed }
    let start = position
    try advance(by: count)
    let slice = UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
    values += [Number](unsafeUninitializedCapacity: count / width) { buffer, initialized in
      slice.copyBytes(to: buffer)
      initialized = count / width
    }
  }
}
