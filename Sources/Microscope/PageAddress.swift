import Galleries

/// Names of layers as parts of addresses and files, each its own and to be read back.
enum PageAddress {
  /// A name with nothing but letters, digits, dashes, points and underscores; every other byte, and a leading point,
  /// is a tilde and two digits.
  static func encoded(_ name: String) -> String {
    let text = HTML.encoded(name, mark: "~", digits: "0123456789abcdef")
    return text.hasPrefix(".") ? "~2e" + text.dropFirst() : text
  }
}
