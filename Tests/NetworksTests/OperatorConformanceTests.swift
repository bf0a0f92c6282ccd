import Foundation
import Networks
import Testing
import Verification

/// ONNX's own backend tests; see `Tests/Conformance/generate.py`.
struct OperatorConformanceTests {
  private static let folder = ProcessInfo.processInfo.environment["VISUALIZE_ONNX_TESTS"]

  /// A case's name and what is wrong with it, `nil` if nothing.
  private typealias Outcome = (name: String, failure: String?)

  @Test("Every case of every operator that is not left out passes", .enabled(if: folder != nil))
  func all() throws {
    let folder = URL(filePath: Self.folder ?? "")
    var failures: [String] = []
    var leftOut: [String: Int] = [:]
    var (passed, total) = (0, 0)
    for kind in try Self.contents(folder) {
      for file in try Self.contents(kind) {
        let (name, failure) = Self.outcome(file)
        total += 1
        if failure == nil { passed += 1 }
        guard let failure else { continue }
        if let reason = OperatorsLeftOut.reason(name, failure) {
          leftOut[reason, default: 0] += 1
        } else {
          failures.append("\(name): \(failure)")
        }
      }
    }
    print("ONNX backend tests: \(passed)/\(total) pass")
    for (reason, count) in leftOut.sorted(by: { $0.key < $1.key }) {
      print("  left out, \(reason): \(count)")
    }
    for failure in failures { print("  FAILS \(failure)") }
    #expect(total > 0, "\(folder.path) holds no cases")
    #expect(failures.isEmpty)
  }

  private static func contents(_ folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter(\.hasDirectoryPath).sorted { $0.path < $1.path }
  }

  private static func outcome(_ folder: URL) -> Outcome {
    let name = folder.lastPathComponent
    do {
      for check in try GoldenCase(folder: folder).checks() {
        if let failure = check.failure { return (name, failure) }
        if check.excess > 1 { return (name, "\(check.name): \(check.excess) times the tolerance") }
      }
      return (name, nil)
    } catch {
      return (name, "\(error)")
    }
  }
}
