public import Imaging

/// What the file of a picture says was reached.
public struct PortraitRecord: Hashable, Sendable {
  /// The subject's value for the first picture of the ascent.
  public let before: Float
  /// The subject's value for the picture.
  public let after: Float
  /// The class's probability; nil where the subject is no class.
  public let probability: Float?
  /// Whether there is nothing to be seen.
  public let isOneColor: Bool
  /// What a comparison with natural pictures says; nil where none was asked for.
  public var trust: String?
  /// What networks that did not make it see in it, a line each; nil where none was asked.
  public var judged: String?

  private enum Keyword {
    static let before = "Activation before"
    static let after = "Activation after"
    static let probability = "Class probability"
    static let oneColor = "Of one color"
    static let trust = "Trust"
    static let judged = "Judged by others"
  }

  /// What a portrait reached.
  public init(_ portrait: Portrait) {
    (before, after, probability) = (portrait.before, portrait.after, portrait.probability)
    isOneColor = portrait.isOneColor
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
    isOneColor = texts[Keyword.oneColor] != nil
    trust = texts[Keyword.trust]
    judged = texts[Keyword.judged]
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
    if isOneColor { texts.append(PNGText(keyword: Keyword.oneColor, text: "yes")) }
    if let trust { texts.append(PNGText(keyword: Keyword.trust, text: trust)) }
    if let judged { texts.append(PNGText(keyword: Keyword.judged, text: judged)) }
    return texts
  }
}
