import Tensors
import Testing

@testable import Blocks
@testable import Graphs
@testable import Networks
@testable import Plans

@Suite struct DiagnosisTests {
  /// conv: 2 channels of 1×1 weights → relu → flat → logits → softmax.
  private static func network(weight: Float = 1, bias: Float = 0, sharpness: Float = 1) -> Network {
    let nodes = [
      Node("Conv", inputs: ["x", "w", "b"], outputs: ["conv"]),
      Node("Relu", inputs: ["conv"], outputs: ["relu"]),
      Node("GlobalAveragePool", inputs: ["relu"], outputs: ["pool"]),
      Node("Flatten", inputs: ["pool"], outputs: ["flat"]),
      Node("MatMul", inputs: ["flat", "v"], outputs: ["logits"]),
      Node("Add", inputs: ["logits", "one"], outputs: ["shifted"]),
      Node("Softmax", inputs: ["logits"], outputs: ["probabilities"]),
    ]
    return Network(
      graph: Graph(
        inputs: [Graph.Input(name: "x", dimensions: [nil, 1, nil, nil])],
        outputs: ["probabilities"], nodes: nodes,
        constants: [
          "one": Constant(Tensor([1], [1])),
          "w": Constant(Tensor([2, 1, 1, 1], [weight, -1])),
          "b": Constant(Tensor([2], [bias, bias])),
          "v": Constant(Tensor([2, 2], [sharpness, 0, 0, sharpness])),
        ]))
  }

  private static let picture = Tensor([1, 1, 2, 2], [0.2, 0.4, 0.6, 0.8])

  private func diagnosis(
    _ reading: Reading, of network: Network, at picture: Tensor = picture
  ) throws -> Diagnosis? {
    try network.diagnosis(of: reading, at: picture)
  }

  @Test func nothingIsWrong() throws {
    for layer in ["conv", "relu", "logits", "probabilities"] {
      #expect(try diagnosis(Reading(layer, channels: [0]), of: Self.network()) == nil, "\(layer)")
    }
  }

  @Test func aDeadUnit() throws {
    #expect(
      try diagnosis(Reading("relu", channels: [1]), of: Self.network()) == .dead(layer: "relu"))
    // What is made of it alone gets a gradient no further than to its rectifier.
    let lost = try diagnosis(Reading("shifted", channels: [1]), of: Self.network())
    #expect(lost == .noGradient(layer: "conv"))
  }

  @Test func aSaturatedSoftmax() throws {
    let found = try diagnosis(
      Reading("probabilities", channels: [0]), of: Self.network(sharpness: 1e6))
    #expect(found == .saturated(layer: "probabilities"))
    #expect(found?.description.contains("take the logit") == true)
  }

  @Test func theFirstLayerThatIsNotFinite() throws {
    #expect(
      try diagnosis(Reading("logits"), of: Self.network(weight: .nan))
        == .notFinite(layer: "conv", weights: true))
    #expect(
      try diagnosis(Reading("logits"), of: Self.network(weight: 3e38, bias: 3e38))
        == .notFinite(layer: "conv", weights: false))
    #expect(
      try diagnosis(
        Reading("logits"), of: Self.network(), at: Tensor([1, 1, 1, 1], [.infinity]))
        == .inputNotFinite)
  }
}
