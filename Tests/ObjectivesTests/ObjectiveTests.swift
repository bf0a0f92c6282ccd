import Autodiff
import Networks
import Tensors
import Testing

@testable import Objectives

@Suite struct ObjectiveTests {
  private func value(_ objective: Objective, _ activations: Tensor) throws -> Float {
    try objective.value(evaluation(objective, activations)).value.scalar
  }

  private func evaluation(_ objective: Objective, _ activations: Tensor) -> Evaluation {
    let picture = Variable(activations)
    return Evaluation(
      picture: picture, input: picture,
      activations: Dictionary(
        uniqueKeysWithValues: objective.readings.map { reading in
          (reading, picture.read(reading))
        }))
  }

  @Test("values as their formulas")
  func values() throws {
    let x = Tensor([1, 2, 2, 2], [1, 2, 3, 4, -1, -2, 0, 0.5])
    #expect(try value(.channel("x", 0), x) == 2.5)
    #expect(try value(.neuron("x", 0), x) == 4)
    #expect(try value(.neuron("x", 1, y: 0, x: 1), x) == -2)
    #expect(try value(.logit(1, in: "x"), Tensor([2, 2], [1, 2, 3, 4])) == 6)
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

  @Test("each picture of a batch has its own value")
  func valuesOfPictures() throws {
    let x = Tensor([3, 2, 1, 2], [1, 2, 3, 4, 0, 1, -1, -2, 2, 4, 6, 8])
    let objectives: [Objective] = [
      .channel("x", 1), .logit(1, in: "x"), .deepDream("x"), .totalVariation(),
      .channel("x", 0) * .channel("x", 1) - 0.5 * .l1(),
    ]
    for objective in objectives {
      let each = try objective.values(evaluation(objective, x)).value
      #expect(each.shape == [3], "\(objective.name)")
      for picture in 0..<3 {
        let alone = try value(objective, x.gathered([picture], alongAxis: 0))
        #expect(each.scalars[picture] == alone, "\(objective.name)")
      }
    }
  }

  @Test("a direction that a layer has not is an error")
  func errors() {
    let x = Tensor([1, 2, 2, 3])
    for objective: Objective in [.direction("x", [1]), .cosine("x", [1])] {
      #expect(throws: ObjectiveError.direction(layer: "x", count: 1, channels: 2)) {
        try value(objective, x)
      }
    }
  }

  @Test("what people type becomes an objective")
  func units() {
    func objective(_ kind: NetworkUnit.Kind) -> Objective { Objective(NetworkUnit(kind)) }
    #expect(objective(.logit(7)).readings == [Reading(.logits, channels: [7])])
    #expect(objective(.channel(layer: "a", channel: 2)).readings == [Reading("a", channels: [2])])
    #expect(objective(.neuron(layer: "a", channel: 2, x: 4, y: 1)).name == "a:2@4,1")
    #expect(
      objective(.classToken(layer: "a", channel: 2)).readings
        == [Reading("a", channels: [2], as: .classToken)])
    #expect(objective(.layer("a")).readings == [Reading("a")])
  }
}
