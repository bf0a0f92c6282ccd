import Attribution
import Networks
import TestSupport
import Testing

/// Networks that were computed or explained wrongly, against what PyTorch, Captum and zennit say.
@Suite struct RecordedFaultTests {
  @Test(
    "values, gradients and attributions",
    arguments: [
      "cat-aa-16", "catn-Ia-16", "cat-torch-dup2-dynamo", "gcgap-gap", "gcgap-bn",
      "b-squeeze-dynamo", "gt-groupnorm", "gt-bilinear",
    ])
  func agree(name: String) throws {
    let golden = try GoldenCase(folder: Recordings.folder("faults/\(name)"))
    let attributions = checks(of: golden)
    #expect(attributions.count == golden.attributions.count)
    for check in golden.checks() + attributions {
      #expect(check.failure == nil, "\(check.name)")
      // As `visualize verify` has it.
      #expect(check.error < 1e-4 * check.leniency, "\(check.name): \(check.error)")
    }
  }
}
