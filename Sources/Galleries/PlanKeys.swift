import Yams

/// Refuses keys of a plan that are no texts, before Yams goes through them.
///
/// Yams compares the keys of a group with all that they stand for, and an alias may stand for billions of nodes. A
/// plan's first reading takes the stars away that aliases begin with, and so is as large as the file.
struct PlanKeys {
  /// What stands for the star of an alias: a sign that no plan has.
  private static let star: Unicode.Scalar = "\u{E000}"

  /// Whether an anchor, at this place of the file, stands for a text.
  private var areTexts: [String: Bool] = [:]

  /// Goes through all keys of a YAML file.
  ///
  /// - Parameter yaml: The text.
  /// - Throws: `YamlError`; `PlanKeyError` for the first key that is a list or a group, or an alias of one.
  static func check(_ yaml: String) throws {
    let scalars = yaml.unicodeScalars.map { $0 == "*" ? star : $0 }
    let parser = try Parser(yaml: String(String.UnicodeScalarView(scalars)))
    // A node's anchor lives as long as what has read it.
    try withExtendedLifetime(parser) {
      guard let root = try parser.singleRoot() else { return }
      var keys = PlanKeys()
      try keys.check(root)
    }
  }

  private mutating func check(_ node: Yams.Node) throws {
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        try check(key)
        guard isText(key) else { throw PlanKeyError(line: key.mark?.line) }
        try check(value)
      }
    case .sequence(let list):
      for element in list { try check(element) }
    default: break
    }
    if let anchor = node.anchor { areTexts[anchor.rawValue] = isText(node) }
  }

  private func isText(_ node: Yams.Node) -> Bool {
    guard let text = node.scalar?.string else { return false }
    return text.unicodeScalars.first == Self.star
      ? areTexts[String(text.unicodeScalars.dropFirst())] ?? true : true
  }
}

/// A key of a plan that is no text.
struct PlanKeyError: Error {
  let line: Int?
}
