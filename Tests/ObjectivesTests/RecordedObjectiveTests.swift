import Autodiff
import Foundation
import Networks
import Objectives
import Tensors
import TestSupport
import Testing

/// Values and gradients of objectives at given activations, against lucent and PyTorch.
@Suite struct RecordedObjectiveTests {
  private struct Recording: Decodable {
    struct Case: Decodable {
      let value: Float
      let gradient: [Float]
    }
    let shape: [Int]
    let maps: [Float]
    let reference: [Float]
    let direction: [Float]
    let sorted: [Float]
    let mean: [Float]
    let variance: [Float]
    let cases: [String: Case]
  }

  private let recording: Recording
  private let reference: ReferencePicture

  init() throws {
    recording = try JSONDecoder().decode(
      Recording.self, from: Data(contentsOf: Recordings.file("objectives/case.json")))
    reference = ReferencePicture("r", Tensor([1, 3, 8, 8]))
  }

  private var objectives: [String: Objective] {
    [
      "channel": .channel("x", 2),
      "neuron": .neuron("x", 1, y: 0, x: 2),
      "cosine": .cosine("x", recording.direction),
      "diversity": .diversity("x"),
      "alignment": .alignment("x"),
      "direction": .direction("x", recording.direction),
      "direction-2": .direction("x", recording.direction, cosinePower: 2),
      "inversion": .inversion("x", of: reference),
      "caricature-0": .caricature("x", of: reference, cosinePower: 0),
      "caricature-1": .caricature("x", of: reference),
      "caricature-2": .caricature("x", of: reference, cosinePower: 2),
      "vital": -.rankDistance("x", to: Tensor([4, 9], recording.sorted)),
      "batch-norm": -.batchNormalization([
        BatchNormalizationStatistics(
          value: "x", mean: Tensor([4], recording.mean), variance: Tensor([4], recording.variance))
      ]),
    ]
  }

  /// What the objectives read, at some activations.
  private func evaluation(_ maps: Variable, of objective: Objective) -> Evaluation {
    func one(_ x: Variable) -> [Reading: Variable] {
      Dictionary(
        uniqueKeysWithValues: objective.readings.map { reading in
          (reading, x.read(reading))
        })
    }
    let picture = Variable(Tensor([3, 3, 8, 8]))
    let other = Variable(reference.pixels)
    let maps0 = Variable(Tensor([1, 4, 3, 3], recording.reference))
    return Evaluation(
      picture: picture, input: picture, activations: one(maps),
      references: [reference: Evaluation(picture: other, input: other, activations: one(maps0))])
  }

  @Test("values and gradients")
  func recorded() throws {
    #expect(Set(objectives.keys) == Set(recording.cases.keys))
    let maps = Tensor(Shape(recording.shape), recording.maps)
    for (name, objective) in objectives {
      let expected = try #require(recording.cases[name])
      let (value, gradients) = try valueWithGradient(at: [maps]) {
        try objective.value(evaluation($0[0], of: objective))
      }
      #expect(abs(value - expected.value) <= 1e-5 * max(1, abs(expected.value)), "\(name)")
      let size = expected.gradient.map { $0 * $0 }.reduce(0, +).squareRoot()
      let difference = zip(gradients[0].scalars, expected.gradient).map { ($0 - $1) * ($0 - $1) }
        .reduce(0, +).squareRoot()
      #expect(difference <= 1e-5 * size, "\(name): \(difference / size)")
    }
  }
}
