import Files

/// Text for a page.
package enum HTML {
  /// The text with everything escaped that means something in HTML, between tags and within quotes.
  package static func escaped(_ text: String) -> String {
    let text = text.withVisibleControlsInLines
    guard text.utf8.contains(where: { entity(of: $0) != nil }) else { return text }
    var result = ""
    for part in text.unicodeScalars {
      if part.isASCII, let entity = entity(of: UInt8(part.value)) {
        result += entity
      } else {
        result.unicodeScalars.append(part)
      }
    }
    return result
  }

  /// What stands for a sign that HTML has a meaning for.
  private static func entity(of sign: UInt8) -> String? {
    switch sign {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
  }

  /// A file's name, or any text, as a part of an address: whatever is not plain in UTF-8 percent-encoded.
  package static func address(_ fileName: String) -> String {
    encoded(fileName, mark: "%", digits: "0123456789ABCDEF")
  }

  /// A text with nothing but letters, digits and `-._` of ASCII.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - mark: What stands before the two digits of any other byte of its UTF-8.
  ///   - digits: Sixteen of them.
  /// - Returns: The text.
  package static func encoded(_ text: String, mark: Character, digits: String) -> String {
    let digits = Array(digits)
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        byte < 0x80
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "-._".unicodeScalars.contains(scalar))
      if isPlain {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\(mark)\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
    return result
  }
}
