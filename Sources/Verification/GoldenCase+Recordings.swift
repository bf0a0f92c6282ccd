public import Networks
import Tensors

extension GoldenCase {
  /// Computes everything that was recorded of methods and compares.
  ///
  /// - Parameter threads: How many threads share the work.
  /// - Returns: A check for each part of each recording; a name unknown here is a check that failed.
  public func recordingChecks(threads: Int = processorCount) -> [Check] {
    recordings.flatMap { checks(of: $0, threads: threads) }
  }

  /// Computes what one recording holds and compares.
  ///
  /// - Parameters:
  ///   - recording: One of `recordings`.
  ///   - threads: How many threads share the work.
  /// - Returns: A check for each of its parts.
  public func checks(of recording: Recording, threads: Int = processorCount) -> [Check] {
    let title = recording.name
    guard let method = RecordedMethod.of(recording) else {
      return [Check(title, failure: "no method here is called '\(title)'")]
    }
    do {
      let request = RecordedRequest(golden: self, recording: recording, threads: threads)
      let results = try method.compute(request)
      let keys = Set(results.keys).union(recording.resultKeys).subtracting(["final_negated"])
      return try keys.sorted().map { key in
        let name = key == "file" ? title : "\(title) \(key)"
        guard let computed = results[key] else {
          return Check(name, failure: "'\(key)' is recorded but not computed")
        }
        return try check(name, computed, recording, key)
      }
    } catch {
      return [Check(title, failure: "\(error)")]
    }
  }

  private func check(
    _ name: String, _ computed: Tensor, _ recording: Recording, _ key: String
  ) throws -> Check {
    guard let recorded = try recordedResult(recording, key) else {
      return Check(name, failure: "case.json has no '\(key)'")
    }
    let limit = recording.tolerance.map { leniency(recording, key) * $0 }
    var check = Check(name, computed: computed, recorded: recorded, limit: limit)
    if recording.text("sign") == "arbitrary" {
      let other = key == "final" ? try recordedResult(recording, "final_negated") : -recorded
      if let other {
        let negated = Check(name, computed: computed, recorded: other, limit: recording.tolerance)
        if negated.error < check.error { check = negated }
      }
    }
    // Of an integral over points; see `leniency`.
    if recording.name == "integrated_gradients", recording.tolerance == nil { check.leniency = 10 }
    return check
  }

  /// How many times its tolerance a result may be off.
  private func leniency(_ recording: Recording, _ key: String) -> Double {
    switch (recording.name, key) {
    // Where values differ by less than rounding, ranks change places.
    case ("parameter_randomization", "spearman"): 10
    // scikit-learn's start is that of a randomized decomposition, 5e-5 off the exact one; later rounds forget it.
    case ("nmf_1", _): 10
    default: 1
    }
  }

  /// What is recorded under a key: a file, a number or a list of them.
  private func recordedResult(_ recording: Recording, _ key: String) throws -> Tensor? {
    if let file = recording.text(key) { return try recorded(file) }
    guard let numbers = recording.numbers(key) else { return nil }
    return Tensor([numbers.count], numbers.map { Float($0) })
  }
}
