import Attribution
import Foundation
import Networks
import Objectives
import Tensors
import TestSupport
import Testing
import Verification

/// Every attribution that Captum, pytorch-grad-cam, PAIR saliency, zennit and others recorded, and that has
/// a method here, within its own tolerance.
@Suite struct RecordedMethodTests {
  /// Where rounding decides.
  ///
  /// At one of 25 points a ReLU6's input is within 3e-7 of its kink, and lies on the
  /// other side of it, whatever method convolutions take; moved there, the map agrees. The way of guided integrated
  /// gradients goes by ranks of gradients: moved by 6e-8 the input changes this map by 1e-2. It takes the direct
  /// method, and is off by 8e-5; with Winograd's rounding it would be by 7e-2.
  static let decidedByRounding = [
    "mobilenetv2 pair_integrated_gradients": 4e-3, "resnet guided_ig": 1e-4,
  ]

  @Test("the recorded values", arguments: Recordings.cases("attribution"))
  func agree(name: String) throws {
    let golden = try GoldenCase(folder: Recordings.folder("attribution/\(name)"))
    #expect(!golden.recordings.isEmpty)
    for recording in golden.recordings where recording.isKnown {
      // What an error was, not a value to be met, has no tolerance of its own.
      let isError = recording.name.hasPrefix("completeness_")
      #expect(isError || recording.tolerance != nil, "\(recording.name)")
      for check in golden.checks(of: recording) {
        let limit = Self.decidedByRounding["\(name) \(check.name)"]
        let passes = limit.map { check.error < $0 } ?? check.passes(isError ? 1e-5 : 0)
        #expect(passes, "\(name), \(check.name): \(check.error) \(check.failure ?? "")")
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

/// What is chosen where no layer is named.
@Suite struct DefaultLayerTests {
  @Test("a transformer's maps are made of the tokens that go into its last attention")
  func tokens() throws {
    let golden = try GoldenCase(folder: Recordings.folder("attribution/vit"))
    let explained = Explained(
      .logit(3), in: golden.network, inputShape: golden.input.shape, feed: .raw)
    let layer = "encoder.layers.encoder_layer_3.ln_1"
    #expect(try explained.lastSpatialLayer() == .value(golden.network.value(ofLayer: layer)))
    let map = try explained.map(of: golden.input, by: GradCAM())
    #expect(map == (try explained.map(of: golden.input, by: GradCAM(layer: layer))))
    #expect(map.shape == [1, 1, 4, 4] && map.norm > 0)
  }
}
