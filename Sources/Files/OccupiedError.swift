/// A file that is there already and that the work at hand did not make: it is not replaced.
public struct OccupiedError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// What it is, with an article: `a picture of dog`.
  public let occupant: String

  /// Creates the error.
  public init(file: String, occupant: String) {
    (self.file, self.occupant) = (file, occupant)
  }

  /// What is in the way, and what to do.
  public var description: String {
    "\(file) is there already and would be lost: it is \(occupant); choose another name for the result"
  }
}
