extension Baseline {
  /// The baseline of a name that people type: `black`, `white`, `grey`, `mean`, `zero`, `blur`, `blur:5`,
  /// `noise`, a number, or several with commas between them.
  ///
  /// - Throws: `AttributionError.unknownBaseline`.
  public init(named text: String) throws {
    let each = try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let one = Self.single(word.filter { $0 != " " }) else {
        throw AttributionError.unknownBaseline(String(word))
      }
      return one
    }
    self = each.count == 1 ? each[0] : .several(each)
  }

  /// The names that stand for a baseline, for help and errors.
  public static let names = "black, white, grey, mean, zero, blur, blur:5, noise or a number"

  private static func single(_ word: String) -> Baseline? {
    switch word {
    case "black": return .black
    case "white": return .white
    case "grey", "gray": return .grey
    case "mean": return .mean
    case "zero": return .zero
    case "blur": return .blur()
    case "noise": return .noise()
    default: break
    }
    if word.hasPrefix("blur:") {
      guard let sigma = Float(word.dropFirst(5)), sigma > 0, sigma <= 1000 else { return nil }
      return .blur(sigma: sigma)
    }
    guard let value = Float(word), value.isFinite else { return nil }
    return .constant(value)
  }
}
