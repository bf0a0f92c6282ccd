import Tensors

extension TracedGraph: CustomStringConvertible {
  /// One line a node: its name, its function and parents, its value and its gradient.
  public var description: String {
    let rows =
      [["node", "function", "value", "gradient"]]
      + nodes.map { node in
        [node.name, call(node), summary(node.value), node.gradient.map(summary) ?? ""]
      }
    let widths = (0..<4).map { column in rows.map(\.[column].count).max() ?? 0 }
    return rows.map { row in
      var line = zip(row, widths)
        .map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "   ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// The graph in the language of Graphviz: `dot -Tpng` draws it from left to right, with the values in
  /// green and the gradients in red.
  public var dot: String {
    var lines = [
      "digraph {",
      "  rankdir=LR; node [shape=box, style=rounded, fontname=\"Helvetica\"];",
    ]
    for (index, node) in nodes.enumerated() {
      let title = node.function.isEmpty ? node.name : node.function
      var rows = [
        "<b>\(escaped(title))</b>",
        "<font color=\"#2e7d32\">\(escaped(summary(node.value)))</font>",
      ]
      if let gradient = node.gradient {
        rows.append("<font color=\"#c62828\">\(escaped(summary(gradient)))</font>")
      }
      let style = node.isTraced ? "" : ", style=\"rounded,dashed\""
      lines.append("  n\(index) [label=<\(rows.joined(separator: "<br/>"))>\(style)];")
    }
    for (index, node) in nodes.enumerated() {
      for parent in node.parents { lines.append("  n\(parent) -> n\(index);") }
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  private func call(_ node: Node) -> String {
    if node.function.isEmpty { return node.isTraced ? "argument" : "constant" }
    return "\(node.function)(\(node.parents.map { nodes[$0].name }.joined(separator: ", ")))"
  }

  /// The scalars of a small tensor, the shape and the norm of a large one.
  private func summary(_ tensor: Tensor) -> String {
    if tensor.count > 4 { return "\(tensor.shape), norm \(short(Double(tensor.norm), 4))" }
    let scalars = tensor.scalars.map { short(Double($0), 4) }
    return tensor.shape.rank == 0 ? scalars[0] : "(\(scalars.joined(separator: ", ")))"
  }

  private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
    return result
  }
}
