extension String {
  /// The text with everything that could deceive its reader written out: control characters, which terminals obey,
  /// signs that turn the direction of writing, invisible ones, and ends of lines: `\u{1B}`.
  ///
  /// For every text that comes from a file, before it is shown.
  package var withVisibleControls: String { writingOut { _ in true } }

  /// The same of a text of several lines, which may have tabs.
  package var withVisibleControlsInLines: String { writingOut { $0 != "\n" && $0 != "\t" } }

  private func writingOut(_ applies: (Unicode.Scalar) -> Bool) -> String {
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
    guard unicodeScalars.contains(where: { $0.isDeceptive && applies($0) }) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if scalar.isDeceptive, applies(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Whether a reader would not see it, but its effect.
  fileprivate var isDeceptive: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    // Scripts and emoji need the joiners.
    case .format: value != 0x200C && value != 0x200D
    default: false
    }
  }
}
