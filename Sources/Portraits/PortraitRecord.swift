public import Imaging

/// What the file of a picture says was reached.
public struct PortraitRecord: Hashable, Sendable {
  /// The subject's value for the first picture of the ascent.
  public let before: Float
  /// The subject's value for the picture.
  public let after: Float
  /// The class's probability; nil where the subject is no class.
  public let probability: Float?
  /// What a comparison with natural pictures says; nil where none was asked for.
  public var trust: String?

  private enum Keyword {
    static let before = "Activation before"
    static let after = "Activation after"
    static let probability = "Class probability"
    static let trust = "Trust"
  }

  /// What a portrait reached.
  public init(_ portrait: Portrait) {
    (before, after, probability) = (portrait.before, portrait.after, portrait.probability)
  }

  /// Reads what a file says; nil: it says nothing of the kind.
  ///
  /// - Parameter texts: The file's texts, by keyword.
  public init?(texts: [String: String]) {
    guard let before = texts[Keyword.before].flatMap({ Float($0) }),
      let after = texts[Keyword.after].flatMap({ Float($0) })
    else { return nil }
    (self.before, self.after) = (before, after)
    probability = texts[Keyword.probability].flatMap { Float($0) }
    trust = texts[Keyword.trust]
  }

  /// The texts that a file gets, so that `init(texts:)` finds them.
  public var texts: [PNGText] {
    var texts = [
      PNGText(keyword: Keyword.before, text: "\(before)"),
      PNGText(keyword: Keyword.after, text: "\(after)"),
    ]
    if let probability {
      texts.append(PNGText(keyword: Keyword.probability, text: "\(probability)"))
    }
    if let trust { texts.append(PNGText(keyword: Keyword.trust, text: trust)) }
    return texts
  }
}
