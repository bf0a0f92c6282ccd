/// A unit whose value is infinite or not a number, or whose gradient is, and where that begins.
public struct NotFiniteError: Error, Hashable, CustomStringConvertible {
  /// What was asked for.
  public let unit: String
  /// Where it begins; `nil` where no layer could be found.
  public let diagnosis: Diagnosis?

  /// Creates the error.
  public init(_ unit: String, _ diagnosis: Diagnosis?) {
    (self.unit, self.diagnosis) = (unit, diagnosis)
  }

  /// What is wrong, where, and what to do.
  public var description: String {
    "\(unit) or its gradient is infinite or not a number at this picture"
      + (diagnosis.map { ": \($0)" } ?? "")
  }
}
