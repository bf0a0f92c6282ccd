import Foundation
import TestSupport
import Testing
import Verification

/// Every attribution that Captum, pytorch-grad-cam, PAIR saliency, zennit and others recorded, and that has
/// a method here, within its own tolerance.
@Suite struct RecordedMethodTests {
  @Test(
    "the recorded values", arguments: Recordings.cases("attribution"))
  func agree(name: String) throws {
    let golden = try GoldenCase(folder: Recordings.folder("attribution/\(name)"))
    #expect(!golden.recordings.isEmpty)
    for recording in golden.recordings where recording.isKnown {
      // What an error was, not a value to be met, has no tolerance of its own.
      let isError = recording.name.hasPrefix("completeness_")
      #expect(isError || recording.tolerance != nil, "\(recording.name)")
      for check in golden.checks(of: recording) {
        #expect(check.passes(isError ? 1e-5 : 0), "\(name), \(check.name): \(check.error) \(check.failure ?? "")")
      }
    }
  }

  @Test("what no method here is called is a check that failed")
  func unknown() throws {
    let folder = Recordings.folder("attribution/vgg")
    let golden = try GoldenCase(folder: folder)
    let recording = try #require(golden.recordings.first)
    #expect(golden.checks(of: recording).allSatisfy { $0.passes(0) })
    #expect(golden.checks().allSatisfy { $0.passes(1e-5) })
  }
}
