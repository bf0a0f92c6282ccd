import Objectives
import Optimizers
import Tensors
import Testing
import Visualization

struct ObjectiveCase: CustomTestStringConvertible {
  let objective: Objective
  var testDescription: String { objective.name }

  private static let direction: [Float] = [1, -1, 0.5, 0, 2, -0.3]

  private static let objectives: [Objective] = [
    .channel("patches", 2),
    .channel("scores", 2),
    .neuron("patches", 1),
    .neuron("patches", 1, y: 0, x: 1),
    .neuron("scores", 1),
    .logit(3, in: "scores"),
    .layer("relu"),
    .deepDream("relu"),
    .direction("patches", direction),
    .direction("relu", direction, cosinePower: 2),
    .directionNeuron("relu", direction, cosinePower: 1),
    .cosine("patches", direction),
    .interpolation(from: ("relu", 0), to: ("patches", 3)),
    .alignment("relu"),
    .channel("patches", 2).picture(0) + .channel("patches", 3).picture(1),
    .channel("patches", 2) * .channel("relu", 2),
    .patches("patches", 2),
    .inversion("patches", of: reference),
    .caricature("relu", of: reference),
    .caricature("patches", of: reference, cosinePower: 0),
    -.distance(to: reference),
    -.rankDistance("relu", to: sorted),
    -.batchNormalization([
      BatchNormalizationStatistics(
        value: "patches", mean: Tensor([6], [0, 1, -1, 0.5, 2, 0]),
        variance: Tensor([6], [1, 0.5, 2, 1, 0.1, 3]))
    ]),
  ]

  /// Another picture than any that an ascent begins with.
  private static let reference: ReferencePicture = {
    var random = SplitMix64(seed: 9)
    return ReferencePicture("other", .uniform([1, 3, 16, 16], using: &random))
  }()

  private static let sorted = Tensor([6, 16], (0..<96).map { Float($0 % 16) / 8 })

  private static let penalties: [Objective] = [
    0.01 * .totalVariation(), 0.01 * .l1(), 0.01 * .l2(), 0.1 * .blur(), .diversity("relu"),
  ]

  static let all =
    objectives.map(ObjectiveCase.init)
    + penalties.map { ObjectiveCase(objective: .channel("patches", 2) - $0) }
}

@Suite struct ObjectiveAscentTests {
  @Test("rises in three steps", arguments: ObjectiveCase.all)
  func rises(_ c: ObjectiveCase) throws {
    let result = try visualize(
      c.objective, in: PatchNetwork(), parameterization: FourierImage(side: 16, batch: 3),
      transforms: .none, optimizer: GradientDescent(learningRate: 1e-3), steps: 3, seed: 4)
    #expect(result.finalValue > result.initialValue)
  }
}
