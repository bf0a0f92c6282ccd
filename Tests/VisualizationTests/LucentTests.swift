import Foundation
import Networks
import Optimizers
import Tensors
import TestSupport
import Testing
import Visualization

/// Lucent's loop, recorded.
///
/// Objective values, and trajectories of several optimizers on a network.
@Suite struct LucentTests {
  static let folder = Recordings.folder("lucent")

  struct Recording: Decodable {
    struct Trajectory: Decodable {
      let name: String
      let steps: Int
      let objective_values: [Float]
    }
    struct Values: Decodable {
      let values: [String: Float]
    }
    let trajectories: [Trajectory]
    let objective_values: Values
  }

  static func recording() throws -> Recording {
    try JSONDecoder().decode(
      Recording.self, from: Data(contentsOf: folder.appending(path: "case.json")))
  }

  private func network() throws -> PictureNetwork {
    let path = Recordings.file("networks/resnet-mini/model.onnx").path
    return PictureNetwork(try Network(contentsOf: path), preprocessing: Preprocessing())
  }

  private func tensor(_ name: String) throws -> Tensor {
    try GoldenCase.tensor(Self.folder.appending(path: "\(name).pb"))
  }

  private static let cases: [(String, Objective, any Optimizer)] = [
    ("channel_layer2_5", .channel("layer2", 5), Adam(learningRate: 0.05)),
    ("neuron_layer3_7", .neuron("layer3", 7), Adam(learningRate: 0.05)),
    ("logit_4", .channel("fc", 4), Adam(learningRate: 0.05)),
    (
      "logit_4_sgd_momentum", .channel("fc", 4),
      Momentum(learningRate: 0.5, momentum: 0.9, form: .sum)
    ),
    ("logit_4_rmsprop", .channel("fc", 4), RMSProp(learningRate: 0.01)),
    ("logit_4_nadam", .channel("fc", 4), NAdam(learningRate: 0.05)),
    (
      "diversity_layer2_5", .channel("layer2", 5) - 100 * .diversity("layer2"),
      Adam(learningRate: 0.05)
    ),
  ]

  @Test("trajectories", arguments: cases.indices)
  func trajectory(_ index: Int) throws {
    let (name, objective, optimizer) = Self.cases[index]
    let recorded = try #require(try Self.recording().trajectories.first { $0.name == name })
    let start = try tensor("\(name)_initial_spectrum")
    let final = try tensor("\(name)_final_rgb")
    let shape = final.shape
    var values: [Float] = []
    let rendering = try visualize(
      objective, in: try network(),
      parameterization: FourierImage(height: shape[2], width: shape[3], batch: shape[0]),
      startingAt: [start], transforms: .none, optimizer: optimizer, steps: recorded.steps
    ) { values.append($0.value) }
    values.append(rendering.finalValue)
    #expect(values.count == recorded.objective_values.count)
    for (computed, expected) in zip(values, recorded.objective_values) {
      // Adam divides by the gradient's size: where that is nearly 0, rounding decides its sign, and the
      // two loops drift apart by some 1e-4 of the value, and by more where diversity weighs 100.
      let tolerance: Float = name.hasPrefix("diversity") ? 1e-2 : 2e-3
      #expect(abs(computed - expected) < tolerance * max(1, abs(expected)), "\(name)")
    }
    let difference = zip(rendering.picture.scalars, final.scalars).map { abs($0 - $1) }
    let tolerance: Float = name.hasPrefix("diversity") ? 1e-2 : 2e-3
    #expect(difference.reduce(0, +) / Float(difference.count) < tolerance, "\(name)")
  }

  @Test("objective values at one batch of pictures")
  func objectives() throws {
    let direction = try tensor("objectives_direction").scalars
    let picture = try tensor("objectives_image")
    let objectives: [String: Objective] = [
      "channel layer2 5": .channel("layer2", 5),
      "neuron layer2 5 (centre)": .neuron("layer2", 5),
      "direction layer2 (mean cosine, lucent)": .cosine("layer2", direction),
      "diversity layer2": .diversity("layer2"),
      "channel_interpolate layer2 5 layer3 7": .interpolation(
        from: ("layer2", 5), to: ("layer3", 7)),
      "alignment layer2": .alignment("layer2"),
    ]
    let recorded = try Self.recording().objective_values.values
    #expect(Set(objectives.keys) == Set(recorded.keys))
    let pixels = PixelImage(
      height: picture.shape[2], width: picture.shape[3], batch: picture.shape[0],
      colors: ColorMapping(decorrelated: false, bounds: .clamp))
    for (name, objective) in objectives {
      let rendering = try visualize(
        objective, in: try network(), parameterization: pixels,
        startingAt: pixels.parameters(fitting: picture), transforms: .none, steps: 0)
      let expected = try #require(recorded[name])
      #expect(abs(rendering.initialValue - expected) < 1e-4 * max(1, abs(expected)), "\(name)")
    }
  }
}
