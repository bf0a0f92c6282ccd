/// A message of protocol buffers: fields by number, of which each message knows its own.
///
/// Source: protobuf.dev, "Encoding"; of groups, which no exporter writes, nothing is read.
package protocol WireMessage: Sendable {
  init()

  /// Takes a field, or skips it.
  ///
  /// - Parameters:
  ///   - field: The field's number.
  ///   - reader: Where its value stands.
  /// - Throws: What is wrong with its bytes.
  mutating func read(_ field: Int, from reader: inout WireReader) throws(WireError)

  /// Writes the fields that are not as they are without being said, in the order of their numbers.
  func write(to writer: inout WireWriter)
}

/// What can be wrong with the bytes of messages.
package enum WireError: Error {
  /// They end within a field.
  case truncated
  /// They are no fields.
  case malformed
  /// Messages are nested deeper than `WireReader.deepest`.
  case tooDeep
  /// A text is not UTF-8.
  case notText
}
