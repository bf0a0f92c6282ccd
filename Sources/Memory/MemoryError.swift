/// An error that may be one of lacking memory, which another machine, or one that may take more, need not have.
public protocol ShortageOfMemory: Error {
  /// Whether it is.
  var isShortageOfMemory: Bool { get }
}

/// More memory than may be taken.
public struct MemoryError: Error, Equatable, CustomStringConvertible {
  /// What needs it: `the network`.
  public let what: String
  /// Bytes that it would take.
  public let needed: Int
  /// Bytes that may be taken.
  public let limit: Int

  package init(_ what: String, needed: Int, limit: Int) {
    (self.what, self.needed, self.limit) = (what, needed, limit)
  }

  /// What is wrong, in words for a person.
  public var description: String {
    "\(what) needs \(Self.amount(needed)) of memory, and \(Self.amount(limit)) may be taken; use a smaller "
      + "picture or fewer at a time, or allow more"
  }

  /// Bytes in words, rounded up: `1.7 GB`.
  public static func amount(_ bytes: Int) -> String {
    guard bytes >= 1_000_000 else { return "\((bytes + 999) / 1000) KB" }
    guard bytes >= 1_000_000_000 else { return "\((bytes + 999_999) / 1_000_000) MB" }
    let tenths = (Double(bytes) / 1e8).rounded(.up)
    return tenths < 1e6 ? "\(tenths / 10) GB" : "over 100000 GB"
  }
}

extension MemoryError: ShortageOfMemory {
  /// It always is.
  public var isShortageOfMemory: Bool { true }
}
