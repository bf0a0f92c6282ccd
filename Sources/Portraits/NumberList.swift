import Visualization

/// Numbers with commas between them: `104,117,123`.
public struct NumberList: Hashable, Sendable {
  /// The numbers, all finite.
  public let numbers: [Float]

  /// Reads a list; nil where a part of it is no number.
  public init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      Float(part.filter { !$0.isWhitespace }).flatMap { $0.isFinite ? $0 : nil }
    }
    numbers = parts.compactMap { $0 }
    if numbers.count != parts.count { return nil }
  }

  /// As people write it, without needless zeros.
  public var text: String { numbers.map(\.plain).joined(separator: ",") }
}
