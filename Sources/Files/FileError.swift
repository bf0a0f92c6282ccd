/// Why a file cannot be read or written; each names the file.
public enum FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It could not be opened or read.
  case unreadable(file: String, reason: String)
  /// It could not be written.
  case unwritable(file: String, reason: String)

  /// What went wrong, without the file.
  public var reason: String {
    switch self {
    case .unreadable(_, let reason), .unwritable(_, let reason): reason
    }
  }

  /// What went wrong, in words for a person.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "cannot read \(file): \(reason)"
    case .unwritable(let file, let reason): "cannot write \(file): \(reason)"
    }
  }
}
