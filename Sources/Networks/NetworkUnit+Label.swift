extension NetworkUnit {
  /// A class's label: names for the same thing, separated by commas as ImageNet has them.
  struct Label {
    /// Every name, as it stands.
    let names: [String]
    /// Every name as words in small letters.
    let words: [[String]]

    init(_ text: String) {
      names = text.split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
      words = names.map(Self.words)
    }

    /// The first name of a label.
    static func title(of text: String) -> String {
      text.split(separator: ",").first.map(trimmed) ?? ""
    }

    private static func trimmed(_ text: Substring) -> String {
      var text = text.drop(while: \.isWhitespace)
      while text.last?.isWhitespace == true { text.removeLast() }
      return String(text)
    }

    /// The words of a text in small letters; `golden-retriever` and `golden retriever` are the same.
    static func words(of text: String) -> [String] {
      text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
    }

    /// The first name that has these words in a row.
    func name(containing wanted: [String]) -> String? {
      for (name, words) in zip(names, words) where words.count >= wanted.count {
        let starts = 0...(words.count - wanted.count)
        if starts.contains(where: { Array(words[$0..<$0 + wanted.count]) == wanted }) {
          return name
        }
      }
      return nil
    }
  }
}
