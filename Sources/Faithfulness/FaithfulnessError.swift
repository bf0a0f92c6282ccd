/// Why something cannot be measured.
public enum FaithfulnessError: Error, Equatable, CustomStringConvertible {
  /// A measure that says nothing here, with the reason.
  case undefined(String)
  /// A measure that is not registered, with the names most like it.
  case unknownMeasure(String, candidates: [String])

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .undefined(let reason): reason
    case .unknownMeasure(let name, let candidates):
      candidates.isEmpty
        ? "there is no measure '\(name)'; there are "
          + RegisteredMeasure.all.map(\.name).joined(separator: ", ")
        : "there is no measure '\(name)'; did you mean \(candidates.joined(separator: ", "))?"
    }
  }
}
