import Foundation
import TestSupport
import Testing
import Verification

/// Every number that PyTorch recorded.
@Suite struct GoldenCaseTests {
  @Test("PyTorch's outputs, activations and gradients", arguments: Recordings.cases("networks"))
  func parity(_ name: String) throws {
    let golden = try GoldenCase(folder: Recordings.folder("networks/\(name)"))
    for check in golden.checks() {
      // Both sides round every operation to Float: some 1e-7 each, grown by depth.
      #expect(check.error < 5e-6, "\(check.name): \(check.error) \(check.failure ?? "")")
    }
  }

  /// Patterns that are not what they look like, and points between and beyond pixels.
  @Test(
    "Networks that were recognized or sampled wrongly",
    arguments: [
      "a-functional-relu-dynamo", "gridsample-bicubic-border-0", "lrnfalse-rows-dynamo",
      "lrnpt-16-4", "output-named-like-a-node", "torch-interp-align15-dynamo",
      "torch-interp-near17-dynamo",
    ])
  func recognition(_ name: String) throws {
    let checks = try GoldenCase(folder: Recordings.folder("faults/\(name)")).checks()
    #expect(!checks.isEmpty)
    for check in checks {
      // One neuron's value is a difference of numbers some ten times as large.
      #expect(check.failure == nil && check.error < 2e-5, "\(check.name): \(check.error)")
    }
  }
}
