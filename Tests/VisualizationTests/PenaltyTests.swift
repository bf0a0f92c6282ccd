import Networks
import Objectives
import Optimizers
import Tensors
import Testing
import Visualization

/// Penalties beside a unit that is silent, or that pull at nothing.
@Suite struct PenaltyTests {
  private static let shape: Shape = [1, 3, 12, 12]

  /// Channels of a convolution, `c`, and of rectifiers that are off at a picture of grey, `r`.
  private func network(below bias: Float) -> PictureNetwork {
    var random = SplitMix64(seed: 4)
    let graph = Graph(
      inputs: [.init(name: "x", dimensions: [nil, 3, 12, 12])], outputs: ["r"],
      nodes: [
        Node("Conv", inputs: ["x", "w"], outputs: ["c"]),
        Node("Add", inputs: ["c", "b"], outputs: ["low"]),
        Node("Relu", inputs: ["low"], outputs: ["r"]),
      ],
      constants: [
        "w": Constant(.normal([8, 3, 3, 3], using: &random)),
        "b": Constant(Tensor([1], [-bias])),
      ])
    return PictureNetwork(Network(graph: graph), threads: 1)
  }

  /// The objective's value of the first picture, penalties subtracted.
  private func first(_ layer: String, _ penalties: [Ascent.Penalty]) throws -> Float {
    var ascent = Ascent(
      .channel(layer, 0), parameterization: PixelImage(Self.shape))
    (ascent.penalties, ascent.transforms, ascent.steps) = (penalties, .none, 1)
    var value: Float?
    _ = try ascent.run(in: network(below: 1000)) { value = value ?? $0.value }
    return try #require(value)
  }

  @Test("beside a silent unit a penalty weighs as beside the same one awake")
  func silent() throws {
    // What would turn the rectifier on is the gradient without it, the same at every picture.
    let penalty = Ascent.Penalty(0.5, .totalVariation())
    let lost = try first("c", []) - first("c", [penalty])
    #expect(lost > 0)
    #expect(abs(try first("r", [penalty]) + lost) < 1e-4 * lost)
  }

  @Test("a silent unit wakes beside a penalty, as it does alone", arguments: [Float(0), 0.05])
  func waking(weight: Float) throws {
    var ascent = Ascent(.channel("r", 0), parameterization: PixelImage(Self.shape))
    ascent.penalties = weight > 0 ? [.init(weight, .totalVariation())] : []
    (ascent.transforms, ascent.steps) = (.none, 100)
    ascent.optimizer = Adam(learningRate: 0.3)
    let found = try ascent.run(in: network(below: 4))
    #expect(found.initialValue == 0 && found.finalValue > 0.1)
  }

  @Test("a penalty that is silent for now, and one beyond all numbers, are told apart")
  func kinds() throws {
    func error(_ penalty: Ascent.Penalty) -> VisualizationError? {
      #expect(throws: VisualizationError.self) { _ = try first("c", [penalty]) }
    }
    let silent = Ascent.Penalty(1, .channel("r", 1))
    #expect(error(silent) == .silentPenalty(silent.objective.name))
    let diverged = Ascent.Penalty(1, Float.infinity * .l2())
    #expect(error(diverged) == .divergedPenalty(diverged.objective.name))
  }

  @Test("a penalty without a gradient is refused by its name")
  func nothing() throws {
    let penalty = Ascent.Penalty(1, 0 * .l2())
    let error = #expect(throws: VisualizationError.self) { _ = try first("c", [penalty]) }
    #expect(error == .noPull(penalty.objective.name))
    #expect("\(try #require(error))".contains("leave it out"))
  }
}
