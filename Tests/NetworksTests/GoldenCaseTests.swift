import Foundation
import TestSupport
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

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
}
