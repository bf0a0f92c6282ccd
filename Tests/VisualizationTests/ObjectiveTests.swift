import Autodiff
import Networks
import Optimizers
import Tensors
import Testing

@testable import Visualization

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
    .classLogit(3, in: "scores"),
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

@Suite struct ObjectiveTests {
  @Test("rises in three steps", arguments: ObjectiveCase.all)
  func rises(_ c: ObjectiveCase) throws {
    let result = try visualize(
      c.objective, in: PatchNetwork(), parameterization: FourierImage(side: 16, batch: 3),
      transforms: .none, optimizer: GradientDescent(learningRate: 1e-3), steps: 3, seed: 4)
    #expect(result.finalValue > result.initialValue)
  }

  private func value(_ objective: Objective, _ activations: Tensor) throws -> Float {
    let picture = Variable(activations)
    return try objective.value(
      Evaluation(
        picture: picture, input: picture,
        activations: Dictionary(
          uniqueKeysWithValues: objective.readings.map { reading in
            (
              reading,
              reading.channels.map { picture.gathered($0, alongAxis: 1) } ?? picture
            )
          }))
    ).value.scalar
  }

  @Test("values as their formulas")
  func values() throws {
    let x = Tensor([1, 2, 2, 2], [1, 2, 3, 4, -1, -2, 0, 0.5])
    #expect(try value(.channel("x", 0), x) == 2.5)
    #expect(try value(.neuron("x", 0), x) == 4)
    #expect(try value(.neuron("x", 1, y: 0, x: 1), x) == -2)
    #expect(try value(.classLogit(1, in: "x"), Tensor([2, 2], [1, 2, 3, 4])) == 6)
    #expect(try value(.layer("x"), x) == 7.5 / 8)
    #expect(abs(try value(.deepDream("x"), x) - 35.25 / 8) <= 1e-6)
    #expect(try value(.l1(), x) == 0.5 + 1.5 + 2.5 + 3.5 + 1.5 + 2.5 + 0.5 + 0)
    #expect(abs(try value(.l2(center: 0), x) - Float(35.25).squareRoot()) <= 1e-5)
    // Rows |2−1| |4−3| |−2+1| |.5−0|, columns |3−1| |4−2| |0+1| |.5+2|.
    #expect(try value(.totalVariation(), x) == 11)
    #expect(try value(.direction("x", [1, 2]), x) == (-1 - 2 + 3 + 5) / 4)
    // One position, x = (3, 4) and v = (1, 0): cos = 0.6, inner product 3.
    let one = Tensor([1, 2, 1, 1], [3, 4])
    #expect(abs(try value(.direction("x", [1, 0], cosinePower: 2), one) - 3 * 0.36) <= 1e-3)
    #expect(abs(try value(.cosine("x", [1, 0]), one) - 0.6) <= 1e-6)
    // A cosine below 0.1 counts as 0.1.
    #expect(abs(try value(.direction("x", [-1, 0], cosinePower: 1), one) + 0.3) <= 1e-6)
  }

  @Test("values of batches as their formulas")
  func batches() throws {
    // Grams (1 0; 0 0), (0 0; 0 1), (1 1; 1 1)/2 of norm 1: similarities 0, ½, ½, each twice.
    let x = Tensor([3, 2, 1], [2, 0, 0, 3, 1, 1])
    #expect(abs(try value(.diversity("x"), x) - 2 * (0 + 0.5 + 0.5) / 3) <= 1e-6)
    let y = Tensor([3, 1, 1, 1], [1, 3, 6])
    // (2² + 3²) / 2 + 5² / 4
    #expect(try value(.alignment("y"), y) == -12.75)
    #expect(try value(.interpolation(from: ("y", 0), to: ("y", 0)), y) == 10)
    #expect(try value(.channel("y", 0).picture(2), y) == 6)
  }

  @Test("a step of size k against the blur objective blurs by k")
  func blur() throws {
    var random = SplitMix64(seed: 2)
    let x = Tensor.uniform([1, 1, 5, 5], using: &random)
    let gradient = Autodiff.gradient(at: x) { x in
      try! Objective.blur().value(Evaluation(picture: x, input: x, activations: [:]))
    }
    #expect((x - gradient - x.blurred()).absolute().maximum <= 1e-6)
    // The corner: weights 1 and three times ½.
    let corner = (x[0, 0, 0, 0] + 0.5 * (x[0, 0, 0, 1] + x[0, 0, 1, 0] + x[0, 0, 1, 1])) / 2.5
    #expect(abs(x.blurred()[0, 0, 0, 0] - corner) <= 1e-6)
  }

  @Test("dead channels have finite gradients")
  func dead() {
    let zero = Tensor([2, 3, 2, 2])
    for objective: Objective in [
      .direction("x", [1, 0, 0], cosinePower: 2), .cosine("x", [1, 0, 0]), .diversity("x"),
    ] {
      let gradient = Autodiff.gradient(at: zero) { x in
        try! objective.value(
          Evaluation(
            picture: x, input: x,
            activations: Dictionary(uniqueKeysWithValues: objective.readings.map { ($0, x) })))
      }
      #expect(gradient.isFinite, "\(objective.name)")
    }
  }

  @Test("names as one would write them")
  func names() {
    let objective: Objective = .channel("a", 1) - 0.5 * (.neuron("b", 2) + .l1())
    #expect(objective.name == "a:1 − (0.5 × (b:2 + L1))")
    #expect((Objective.channel("a", 1) + .channel("a", 1)).readings.count == 1)
  }
}
