import Foundation
import Testing
import Verification

/// Every number that PyTorch recorded; skipped where the recordings are not at hand.
@Suite struct GoldenCaseTests {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "../../../shared/golden").standardized

  static let cases: [String] =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter {
      FileManager.default.fileExists(atPath: folder.appending(path: "\($0)/model.onnx").path)
    }
    .sorted() ?? []

  @Test("PyTorch's outputs, activations and gradients", arguments: cases)
  func parity(_ name: String) throws {
    let golden = try GoldenCase(folder: Self.folder.appending(path: name))
    for check in golden.checks() {
      // Both sides round every operation to Float: some 1e-7 each, grown by depth.
      #expect(check.error < 5e-6, "\(check.name): \(check.error) \(check.failure ?? "")")
    }
  }
}
