/// Names of layers as parts of addresses and files, each its own and to be read back.
enum PageAddress {
  /// A name with nothing but small and capital letters, digits, dashes, points and underscores; every other byte, and a
  /// leading point, is a tilde and two digits.
  static func encoded(_ name: String) -> String {
    let digits = Array("0123456789abcdef")
    var result = ""
    for byte in name.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "-_".contains(Character(scalar))
          || scalar == "." && !result.isEmpty)
      result += isPlain ? String(scalar) : "~\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
    return result
  }
}
