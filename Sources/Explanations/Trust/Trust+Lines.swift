import Visualization

extension Trust {
  /// What there is to say, in one line: for the record in a picture's file.
  public var verdict: String {
    let strength =
      isStrong
      ? "responds as strongly as to natural pictures or more"
      : "responds less strongly than to the best natural picture"
    guard isDecided else {
      return "\(strength); the best of these have no channels in common to compare with"
    }
    guard isFooled else { return "\(strength), through the same channels" }
    let names = otherWays.map(\.name).joined(separator: ", ")
    return "fooled: \(strength), but through other channels of \(names)"
  }

  /// What was measured, for a person: a line each.
  public var lines: [String] {
    let middle = best[best.count / 2].value
    var lines = [
      "response: \(text(value)); natural pictures: \(text(best[0].value)) at best (\(best[0].file)), "
        + "\(text(middle)) in the middle of the best \(best.count) of \(count)",
      row("contributions of channels", "picture", "natural", "random weights"),
    ]
    for (index, layer) in layers.enumerated() {
      lines.append(
        row(
          "  " + layer.name, text(layer.contribution.picture), range(layer.contribution),
          randomized.indices.contains(index)
            ? text(randomized[index].contribution.picture) : "–"))
    }
    lines.append(row("mean activations", "picture", "natural", "random weights"))
    for (index, layer) in layers.enumerated() {
      lines.append(
        row(
          "  " + layer.name, text(layer.activation.picture), range(layer.activation),
          randomized.indices.contains(index) ? text(randomized[index].activation.picture) : "–"))
    }
    return lines + [verdict]
  }

  private func range(_ likeness: Likeness) -> String {
    "\(text(likeness.naturalLowest))…\(text(likeness.naturalMiddle))"
  }

  private func text(_ value: Float) -> String { Double(value).fixed(2, minus: "−") }

  private func row(_ name: String, _ columns: String...) -> String {
    let first = name + String(repeating: " ", count: max(1, 34 - name.count))
    return columns.reduce(first) { line, column in
      line + column + String(repeating: " ", count: max(1, 14 - column.count))
    }.trimmed
  }
}

extension String {
  /// Without spaces at the end.
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
