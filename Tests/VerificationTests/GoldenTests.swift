import Attribution
import Foundation
import Networks
import Objectives
import TestSupport
import Testing
import Verification

@Suite struct GoldenTests {
  private static let folder = Recordings.folder("networks/vgg-mini")

  @Test("every attribution recorded from Captum and zennit", arguments: [1, 2])
  func parity(threads: Int) throws {
    let golden = try GoldenCase(folder: Self.folder)
    let checks = golden.recordingChecks(threads: threads)
    #expect(checks.count == golden.recordings.count)
    for check in checks {
      #expect(check.failure == nil, "\(check.name)")
      // At one of the 50 points of the integral a rectifier's input is within 3e-7 of 0, relative to the
      // picture: which side it falls on depends on the order of a sum and moves the map by 3e-4.
      let limit = check.name == "integrated_gradients" ? 5e-4 : 1e-4
      #expect(check.error < limit, "\(check.name): \(check.error)")
    }
  }

  @Test("Grad-CAM finds the layer that was recorded by itself")
  func defaultLayer() throws {
    let golden = try GoldenCase(folder: Self.folder)
    let recorded = try #require(golden.recordings.first { $0.name == "grad_cam" })
    let map = try GradCAM().attribute(
      golden.input, to: .logit(recorded.unit), in: golden.network, feed: .raw)
    let check = GoldenCase.Check(
      "grad_cam", computed: map, recorded: try golden.recorded(#require(recorded.text("file"))))
    #expect(check.error < 1e-4)
  }

  @Test("A rectifier that the file writes as a maximum is one for every method")
  func functionalRectifier() throws {
    let golden = try GoldenCase(folder: Recordings.folder("faults/a-functional-relu-dynamo"))
    let checks = golden.recordingChecks(threads: 2)
    #expect(checks.count == golden.recordings.count && checks.count > 5)
    for check in checks {
      #expect(check.failure == nil && check.error < 1e-4, "\(check.name): \(check.error)")
    }
  }
}
