import Files

/// What names of classes stand for in other networks' words.
public struct ClassNames: Hashable, Sendable {
  /// The names of other networks, by the name.
  public let names: [String: [String]]

  /// Reads a text file of a line a name: `cat: tabby; tiger cat; Persian cat`.
  ///
  /// Empty lines and lines that begin with `#` are left out.
  ///
  /// - Parameter path: The file.
  /// - Throws: `ClassNamesError` for a line without a colon and a file that is no text; `FileError`.
  public init(contentsOf path: String) throws {
    guard let text = String(validating: try readFile(at: path), as: UTF8.self) else {
      throw ClassNamesError(file: path, line: nil)
    }
    var names: [String: [String]] = [:]
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = Self.trimmed(line)
      if line.isEmpty || line.hasPrefix("#") { continue }
      guard let colon = line.firstIndex(of: ":") else {
        throw ClassNamesError(file: path, line: number + 1)
      }
      names[Self.trimmed(line[..<colon]), default: []] += line[line.index(after: colon)...]
        .split(separator: ";").map(Self.trimmed).filter { !$0.isEmpty }
    }
    self.names = names
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let start = text.drop(while: \.isWhitespace)
    return String(String(start.reversed().drop(while: \.isWhitespace)).reversed())
  }
}

/// A file of names that cannot be read.
public struct ClassNamesError: Error, Hashable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// The line, from 1; nil: the file is no text.
  public let line: Int?

  /// What is wrong and what to do.
  public var description: String {
    guard let line else {
      return "\(file) is no text in UTF-8; write a line a class: `cat: tabby; tiger cat`"
    }
    return "\(file), line \(line): there is no colon; write `cat: tabby; tiger cat`"
  }
}
