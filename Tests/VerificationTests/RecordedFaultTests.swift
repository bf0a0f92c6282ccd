import TestSupport
import Testing
import Verification

/// Networks that were computed or explained wrongly, against what PyTorch, Captum and zennit say.
@Suite struct RecordedFaultTests {
  @Test(
    "values, gradients and attributions", arguments: Recordings.cases("faults"))
  func agree(name: String) throws {
    let golden = try GoldenCase(folder: Recordings.folder("faults/\(name)"))
    let attributions = golden.recordingChecks()
    #expect(attributions.count == golden.recordings.count)
    for check in golden.checks() + attributions {
      #expect(check.failure == nil, "\(check.name)")
      // As `visualize verify` has it.
      #expect(check.error < 1e-4 * check.leniency, "\(check.name): \(check.error)")
    }
  }
}
