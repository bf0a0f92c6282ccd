/// The fields of an encoded message one after the other, those that are messages as their bytes.
///
/// A mutator changes one operation of many. Decoding and encoding all the others took more time than what is fuzzed.
struct WireFields {
  /// A field.
  struct Field {
    /// Its number in the message.
    let number: Int
    /// A text, a message or packed numbers; of any other kind, tag and number as they stand.
    var bytes: ArraySlice<UInt8>
    /// Whether it has a length, which comes anew with whatever the bytes are.
    let hasLength: Bool
  }

  /// The fields, in order.
  var fields: [Field] = []

  /// Takes a message apart.
  ///
  /// - Returns: nil where the bytes are none.
  init?(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while !rest.isEmpty {
      let start = rest.startIndex
      guard let tag = Self.number(from: &rest) else { return nil }
      let size: UInt64
      switch tag & 7 {
      case 0:
        guard Self.number(from: &rest) != nil else { return nil }
        size = 0
      case 1: size = 8
      case 2:
        guard let length = Self.number(from: &rest) else { return nil }
        size = length
      case 5: size = 4
      default: return nil
      }
      guard size <= rest.count, tag < 1 << 32 else { return nil }
      let hasLength = tag & 7 == 2
      let end = rest.startIndex + Int(size)
      let content = bytes[(hasLength ? rest.startIndex : start)..<end]
      fields.append(Field(number: Int(tag >> 3), bytes: content, hasLength: hasLength))
      rest = bytes[end...]
    }
  }

  /// The message.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for field in fields { Self.append(field, to: &bytes) }
    return bytes
  }

  /// What stands in the fields of a number.
  func contents(of number: Int) -> [ArraySlice<UInt8>] {
    fields.filter { $0.number == number && $0.hasLength }.map(\.bytes)
  }

  /// Appends a field with a length.
  mutating func append(_ content: [UInt8], as number: Int) {
    fields.append(Field(number: number, bytes: content[...], hasLength: true))
  }

  private static func append(_ field: Field, to bytes: inout [UInt8]) {
    if field.hasLength {
      append(UInt64(field.number) << 3 | 2, to: &bytes)
      append(UInt64(field.bytes.count), to: &bytes)
    }
    bytes += field.bytes
  }

  /// Seven bits a byte, the lowest first; all bytes but the last have the eighth.
  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var number = number
    while number > 127 {
      bytes.append(UInt8(number & 127) | 128)
      number >>= 7
    }
    bytes.append(UInt8(number))
  }

  private static func number(from bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      number |= UInt64(byte & 127) << shift
      if byte < 128 { return number }
    }
    return nil
  }
}
