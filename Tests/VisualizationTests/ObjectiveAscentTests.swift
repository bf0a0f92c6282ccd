import Objectives
import Optimizers
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
  ]

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
