/// What is shown of one photograph: maps side by side.
public struct ExplanationRow: Sendable {
  /// A map, or why there is none.
  public enum Entry: Sendable {
    /// A map.
    case map(SaliencyMap)
    /// Something that could not be explained.
    case failure(SaliencyMap.Subject, method: String, reason: String)
  }

  /// The photograph.
  public let photograph: Photograph
  /// The maps.
  public let entries: [Entry]

  /// Creates a row.
  public init(_ photograph: Photograph, _ entries: [Entry]) {
    (self.photograph, self.entries) = (photograph, entries)
  }

  /// The maps that could be made.
  public var explanations: [SaliencyMap] {
    entries.compactMap { if case .map(let explanation) = $0 { explanation } else { nil } }
  }
}

extension ExplanationRow.Entry {
  /// What is explained.
  var subject: SaliencyMap.Subject {
    switch self {
    case .map(let explanation): explanation.subject
    case .failure(let subject, _, _): subject
    }
  }

  /// How.
  var method: String {
    switch self {
    case .map(let explanation): explanation.method.title
    case .failure(_, let method, _): method
    }
  }
}
