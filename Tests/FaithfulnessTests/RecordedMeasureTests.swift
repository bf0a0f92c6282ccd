import TestSupport
import Testing
import Verification

/// What `visualize verify` makes of the recorded measures.
@Suite struct RecordedMeasureTests {
  @Test("every recorded measure, within its own tolerance")
  func agree() throws {
    let golden = try GoldenCase(folder: Recordings.folder("attribution/metrics"))
    let metrics = golden.recordings.filter { $0.section == .metrics }
    #expect(metrics.count == 42 && metrics.allSatisfy(\.isKnown))
    for recording in metrics {
      let checks = golden.checks(of: recording, threads: 2)
      #expect(!checks.isEmpty)
      for check in checks {
        #expect(check.passes(1e-5), "\(check.name): \(check.error) \(check.failure ?? "")")
      }
    }
  }
}
