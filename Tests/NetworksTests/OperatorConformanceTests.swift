import Foundation
import TestSupport
import Testing
import Verification

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

/// Operators' values beside those of ONNX.
@Suite struct OperatorConformanceTests {
  private static let folder = ProcessInfo.processInfo.environment["VISUALIZE_ONNX_TESTS"]

  /// All of ONNX's own backend tests, as `Tests/Conformance/generate.py` writes them with `onnx` 1.23.2;
  /// `.ci/conformance` runs this.
  @Test("Every case of every operator that is not left out passes", .enabled(if: folder != nil))
  func all() throws {
    let report = try BackendReport.contents(URL(filePath: Self.folder ?? ""))
      .map { try BackendReport(casesIn: $0) }.reduce(BackendReport(), +)
    print("ONNX backend tests: \(report)")
    #expect(report.failures.isEmpty)
    #expect(
      report.passed >= 1925 && report.total == 2033, "another version of onnx has other cases")
  }

  /// The small ones of them, and what ONNX's reference evaluator makes of the fuzzer's models, in an
  /// archive; and beside it cases in folders, which an operator can bring along.
  @Test("Every operator has the values recorded for it")
  func recorded() throws {
    let folder = try Recordings.unpacked("operators")
    let report = try BackendReport(casesIn: folder.url)
    // Five resizes aligned to corners are PyTorch's and not the reference's.
    #expect(report.failures.isEmpty, "\(report)")
    #expect(report.leftOut.map(\.value).sorted() == [2, 5, 14], "\(report)")
    #expect(report.passed == 1444 && report.total == 1465, "\(report)")
    let own = try BackendReport(casesIn: Recordings.folder("operators"))
    #expect(own.passed == own.total, "\(own)")
    // What a Constant holds is not computed, and read in every model; a ZipMap makes no tensor for ONNX.
    let missing = Set(Operator.table.keys).subtracting(report.operators)
      .subtracting(own.operators)
      .subtracting(["Constant", "ai.onnx.ml.ZipMap"])
    #expect(missing.isEmpty, "without recorded values: \(missing.sorted())")
  }
}
