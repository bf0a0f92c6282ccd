extension LabelList {
  /// The labels of a table.
  ///
  /// - Parameters:
  ///   - text: Lines of cells; a cell may be quoted.
  ///   - separator: What stands between cells.
  /// - Returns: nil where there are none.
  static func labels(table text: String, separator: Character) -> [String]? {
    var rows = text.split(separator: "\n").map { cells(of: $0, separator) }
    guard let first = rows.first else { return nil }
    if first.count == 1 { return labels(lines: rows.map { $0[0] }.joined(separator: "\n")) }
    let names = first.map { $0.lowercased() }
    let named = names.firstIndex {
      ["label", "labels", "name", "class_name", "display_name", "class", "category"].contains($0)
    }
    let hasHeader =
      named != nil
      || first.allSatisfy { Int($0) == nil }
        && rows.dropFirst().contains { $0.contains { Int($0) != nil } }
    if hasHeader { rows.removeFirst() }
    guard !rows.isEmpty, rows.allSatisfy({ $0.count == rows[0].count }) else { return nil }
    let numbers = rows[0].indices.first { column in
      column != named && rows.allSatisfy { Int($0[column]) != nil }
    }
    let column = named ?? rows[0].indices.last { $0 != numbers } ?? 0
    guard let numbers else { return rows.map { $0[column] } }
    let pairs = Dictionary(
      rows.map { ($0[numbers], Optional($0[column])) }, uniquingKeysWith: { first, _ in first })
    return byNumber(pairs) ?? rows.map { $0[column] }
  }

  /// What stands between the cells of a table: that of comma, semicolon and tab by which all lines have as many cells.
  static func separator(ofTable text: String) -> Character {
    let lines = text.split(separator: "\n")
    let fitting = [Character(","), ";", "\t"].first { separator in
      let counts = Set(lines.map { cells(of: $0, separator).count })
      return counts.count == 1 && counts != [1]
    }
    return fitting ?? ","
  }

  /// The cells of a line, without quotes and the spaces beside them.
  private static func cells(of line: Substring, _ separator: Character) -> [String] {
    var cells: [String] = [""]
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == separator, !isQuoted {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    return cells.map { cell in
      var cell = cell.drop(while: \.isWhitespace)
      while cell.last?.isWhitespace == true { cell.removeLast() }
      return String(cell)
    }
  }
}
