import ArgumentParser

/// Several results of one command.
enum Several {
  /// Makes each; one that cannot be made does not keep the others from it.
  ///
  /// - Parameters:
  ///   - all: What is asked for.
  ///   - make: Makes one.
  /// - Throws: `ExitCode.failure` where any could not be made; what stops all.
  static func make<Asked>(_ all: [Asked], _ make: (Asked) throws -> Void) throws {
    var failures = 0
    for one in all {
      do {
        try make(one)
      } catch let error where !(error is ExitCode) {
        failures += 1
        Terminal.note("\(error)")
      }
    }
    guard failures > 0 else { return }
    Terminal.note("\(failures) of \(all.count) could not be made; the rest was.")
    throw ExitCode.failure
  }
}
