import Imaging

/// What the file of a picture says about it.
public struct PictureRecord: Hashable, Sendable {
  /// The unit's value for the first picture of the ascent.
  public let before: Float
  /// The unit's value for the picture.
  public let after: Float
  /// The class's probability; nil where the unit is no class.
  public let probability: Float?

  enum Keyword {
    static let key = "Gallery key"
    static let before = "Activation before"
    static let after = "Activation after"
    static let probability = "Class probability"
  }

  init(_ portrait: Portrait) {
    (before, after, probability) = (portrait.before, portrait.after, portrait.probability)
  }

  /// Reads what a file says.
  ///
  /// - Returns: nil if there is no such file, or it is damaged, or was made by other settings.
  init?(inFileAt path: String, key: String) {
    guard let texts = try? PNGText.texts(inFileAt: path) else { return nil }
    let values = Dictionary(texts.map { ($0.keyword, $0.text) }) { first, _ in first }
    guard values[Keyword.key] == key,
      let before = values[Keyword.before].flatMap({ Float($0) }),
      let after = values[Keyword.after].flatMap({ Float($0) })
    else { return nil }
    (self.before, self.after) = (before, after)
    probability = values[Keyword.probability].flatMap { Float($0) }
  }

  /// The texts that a file gets, so that `init(inFileAt:key:)` finds them.
  func texts(key: String) -> [PNGText] {
    var texts = [
      PNGText(keyword: Keyword.before, text: "\(before)"),
      PNGText(keyword: Keyword.after, text: "\(after)"),
    ]
    if let probability {
      texts.append(PNGText(keyword: Keyword.probability, text: "\(probability)"))
    }
    return texts + [PNGText(keyword: Keyword.key, text: key)]
  }
}
