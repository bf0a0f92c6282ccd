import ArgumentParser
import Portraits
import Visualization

extension Subject.Request {
  /// What the options of a command ask for; nil: neither is there.
  ///
  /// - Throws: `ValidationError` for both, and for an objective that cannot be read.
  init?(unit: String?, objective: String?, toward: String? = nil) throws(ValidationError) {
    if let toward {
      guard unit == nil, objective == nil else {
        throw ValidationError("--toward goes without --unit and --objective.")
      }
      self = .toward(toward)
      return
    }
    guard unit == nil || objective == nil else {
      throw ValidationError(
        "--unit and --objective exclude each other; write the unit into the objective.")
    }
    guard let objective else {
      guard let unit else { return nil }
      self = .unit(unit)
      return
    }
    do {
      self = .objective(try ObjectiveExpression(objective))
    } catch {
      throw ValidationError("--objective: \(error)")
    }
  }
}
